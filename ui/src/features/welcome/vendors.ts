/** What differs by CRM in connecting: addresses, and what an admin is to give. */
import type { Vendor } from "../../api/api.gen";

/** What a CRM asks of who connects it. */
interface Asked {
  /** What a token is called there, and where it is had. */
  token: string;
  tokenHelp: string;
  /** The account's own address: a placeholder, and whether a token is of no use without it. */
  address: string;
  addressNeeded: boolean;
  /** Where people sign in. */
  login: string;
  /** What the app's public name is called there, and where it is had. */
  client: string;
  clientHelp: string;
  /** The vendor wants the app's secret too. */
  secret: boolean;
  /** Rights, each with why. */
  rights: readonly (readonly [string, string])[];
}

/** By CRM. */
export const ASKED: Record<Vendor, Asked> = {
  hubspot: {
    token: "Private-app token or service key",
    tokenHelp: "HubSpot: Settings, Integrations, Private apps or Service keys.",
    address: "https://api.hubapi.com",
    addressNeeded: false,
    login: "https://app.hubspot.com",
    client: "Client id of your own app",
    clientHelp: "HubSpot: the app that your company has made for Drumbeat, under Auth.",
    secret: true,
    rights: [
      ["crm.objects.deals, companies, contacts", "read; write when decisions should go back. Notes, tasks, calls and meetings come with contacts"],
      ["crm.objects.custom", "read: registrations and certificates; write when decisions should go back"],
      ["crm.schemas.deals, companies, contacts, custom", "read; write only to create missing fields"],
      ["crm.objects.owners", "read: who “me” is"],
      ["sales-email-read", "what was mailed, and when a partner was last in touch"],
    ],
  },
  salesforce: {
    token: "Access token",
    tokenHelp: "It ends with the session that it was made in; signing in lasts.",
    address: "https://example.my.salesforce.com",
    addressNeeded: true,
    login: "https://login.salesforce.com",
    client: "Consumer key",
    clientHelp: "Salesforce: Setup, External Client App Manager; an app with PKCE and the scopes beside.",
    secret: false,
    rights: [
      ["api", "records, fields and their descriptions, as far as your own profile sees them"],
      ["refresh_token", "so that you need not sign in again every few hours"],
      ["Accounts, Opportunities, Leads, Contacts", "read; edit when decisions should go back"],
      ["Tasks, Events", "read: when a partner was last in touch; create for notes and follow-ups"],
    ],
  },
};
