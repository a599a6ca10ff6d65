/** Which letter a registration calls for. Pure. */
import type { Act, Letter, RegistrationStatus } from "../../api/api.gen";

const BY_STATUS: Partial<Record<RegistrationStatus, Letter>> = { info_requested: "ask", approved: "approve", declined: "decline", expired: "expired", withdrawn: "withdrawn", converted: "approve" };

/** The letter that the state calls for; for a claim that waits, that of the recommended act. */
export function letterFor(status: RegistrationStatus, recommended: Act | null): Letter {
  return BY_STATUS[status] ?? recommended ?? "ask";
}
