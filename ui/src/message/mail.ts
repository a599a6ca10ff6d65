/** A message as an address that a mail program opens. Pure. */

/** "mailto:…" with the address, the subject and the text (RFC 6068: lines end with CR LF). */
export function mailAddress({ address, subject, text }: { address: string; subject: string; text: string }): string {
  // The at sign of the address stays readable; everything that could end it early does not.
  const to = encodeURIComponent(address.trim()).replaceAll("%40", "@");
  return `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text.replaceAll(/\r?\n/g, "\r\n"))}`;
}
