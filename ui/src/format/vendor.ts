/** What the CRMs and their parts are called in their makers' words; the only table of it. */

/** A CRM's words. */
interface VendorWords {
  /** The CRM as its maker writes it. */
  name: string;
  /** What holds one value of a record there: one of it, several. */
  property: readonly [one: string, several: string];
  /** What becomes of those that Drumbeat adds. */
  added: string;
}

const WORDS = {
  hubspot: {
    name: "HubSpot",
    property: ["property", "properties"],
    added: "Created once, in the property group “Drumbeat”; your own properties stay as they are",
  },
  salesforce: {
    name: "Salesforce",
    property: ["field", "fields"],
    added: "Created once, beside your own fields; a permission set shows them to people",
  },
} as const satisfies Record<string, VendorWords>;

type Vendor = keyof typeof WORDS;

/** The words of a CRM; of any while none is connected. */
export function vendorWords(vendor: Vendor | null): VendorWords {
  return vendor === null ? { ...WORDS.hubspot, name: "CRM" } : WORDS[vendor];
}

/** A CRM as its maker writes it, in a sentence. */
export function vendorName(vendor: Vendor | null | undefined): string {
  return vendor ? WORDS[vendor].name : "the CRM";
}
