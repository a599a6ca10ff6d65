//! What differs by CRM in these tests: what it calls things. The cases are the same.

#![allow(dead_code, reason = "several programs share this file, and none of them asks for everything")]

/// A CRM's own names.
pub struct Names {
    /// On the command line.
    pub crm: &'static str,
    /// On the screen.
    pub label: &'static str,
    /// The key of the offer to connect it.
    pub offer: &'static str,
    /// A token is the second way in; the first is signing in.
    pub signs_in: bool,
    /// Deals.
    pub deals: &'static str,
    /// Registrations.
    pub claims: &'static str,
    /// Tasks.
    pub tasks: &'static str,
    /// Notes, and what tells one from other records of that object.
    pub notes: (&'static str, &'static str),
    /// A deal's amount.
    pub amount: &'static str,
    /// Whom a registration is about.
    pub company: &'static str,
    /// What Drumbeat keeps of a record.
    pub record: &'static str,
    /// Whether a deal is under a channel conflict.
    pub conflict: &'static str,
    /// What was said of it.
    pub conflict_notes: &'static str,
    /// A task's title.
    pub title: &'static str,
    /// A note's text.
    pub text: &'static str,
    /// Whose a task is.
    pub owner: &'static str,
    /// Why a registration was declined.
    pub reason: &'static str,
}

/// HubSpot's.
pub const HUBSPOT: Names = Names {
    crm: "hubspot",
    label: "HubSpot",
    offer: "2",
    signs_in: false,
    deals: "deals",
    claims: "partner_registration",
    tasks: "tasks",
    notes: ("notes", "hs_note_body"),
    amount: "amount",
    company: "company_name",
    record: "drumbeat_record",
    conflict: "channel_conflict_status",
    conflict_notes: "channel_conflict_notes",
    title: "hs_task_subject",
    text: "hs_note_body",
    owner: "hubspot_owner_id",
    reason: "decline_reason",
};

/// Salesforce's.
pub const SALESFORCE: Names = Names {
    crm: "salesforce",
    label: "Salesforce",
    offer: "3",
    signs_in: true,
    deals: "Opportunity",
    claims: "Lead",
    tasks: "Task",
    notes: ("Task", "Drumbeat_Note__c"),
    amount: "Amount",
    company: "Company",
    record: "Drumbeat_Record__c",
    conflict: "Channel_Conflict_Status__c",
    conflict_notes: "Channel_Conflict_Notes__c",
    title: "Subject",
    text: "Description",
    owner: "OwnerId",
    reason: "Decline_Reason__c",
};
