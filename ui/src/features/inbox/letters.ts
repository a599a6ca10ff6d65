/** Which letter a registration calls for, and a message as an address that a mail program opens. Pure. */
import type { Act, Letter, RegistrationStatus } from "../../api/api.gen";

const BY_STATUS: Partial<Record<RegistrationStatus, Letter>> = { info_requested: "ask", approved: "approve", declined: "decline", expired: "expired", withdrawn: "withdrawn", converted: "approve" };

/** The letter that the state calls for; for a claim that waits, that of the recommended act. */
export function letterFor(status: RegistrationStatus, recommended: Act | null): Letter {
  return BY_STATUS[status] ?? recommended ?? "ask";
}

/** "mailto:…" with the address, the subject and the text (RFC 6068: lines end with CR LF). */
export function mailAddress({ address, subject, text }: { address: string; subject: string; text: string }): string {
  // The at sign of the address stays readable; everything that could end it early does not.
  const to = encodeURIComponent(address.trim()).replaceAll("%40", "@");
  return `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text.replaceAll(/\r?\n/g, "\r\n"))}`;
}
