/** What the window says of a gate. */
import type { StageRole } from "../api/api.gen";

/** Who answers for a stage. */
export const ROLE_NAME: Record<StageRole, string> = { seller: "Seller", partner_manager: "Partner manager", sales_engineer: "Sales engineer", customer_success: "Customer success", finance: "Finance", partner: "Partner" };
