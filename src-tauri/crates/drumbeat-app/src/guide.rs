//! The page for the CRM's admin: the intake form, the acknowledgement and the required-at-stage rules (R-03, R-16,
//! M-14), made from the mapping and the policy in force, so that every name on it is the account's own.
//!
//! What HubSpot's API lets a private app create, `provision` creates, the forms among it ([`crate::forms`]). A workflow
//! that sends mail and required properties of a stage it does not, and forms not every token may: those are told
//! click by click, with the check that shows whether it worked. What Salesforce asks of its admin is in `salesforce`.

mod salesforce;

use std::fmt::Write;
use std::sync::Arc;

use drumbeat_crm::mapping as detection;
use drumbeat_model::crm::{Holds, ObjectKind, Outcome, PropertySchema, Schema, Vendor};
use drumbeat_model::field::Field as F;
use drumbeat_model::intake::AdminGuide;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::registration::{RegistrationKind, RegistrationStatus};
use drumbeat_rules::Policy;

use crate::api::Nothing;
use crate::error::{Answer, ApiError};
use crate::forms::CONSENT;
use crate::workspace::Workspace;

/// The page for the admin, as Markdown.
///
/// # Errors
/// When the CRM has not been described yet.
pub fn admin_guide(ws: &Arc<Workspace>, _: Nothing) -> Answer<AdminGuide> {
    let (mapping, schema) = ws.read(|r| Ok((r.mapping()?, r.schema()?)))?;
    let schema = schema.ok_or_else(|| {
        ApiError::invalid("guide.none", "The CRM has not been described yet").next("Connect the CRM and sync once")
    })?;
    let (mapping, schema) = to_be(mapping, schema);
    let page = Page { mapping: &mapping, schema: &schema, policy: &ws.policy };
    let day = ws.clock.today().to_string();
    let text = match schema.vendor {
        Vendor::Hubspot => page.text(&day, &ws.card.name),
        Vendor::Salesforce => page.for_salesforce(&day, &ws.card.name),
    };
    Ok(AdminGuide { text })
}

/// What could hold a kind is spoken of as if it did already.
pub(crate) fn to_be(mut mapping: Mapping, mut schema: Schema) -> (Mapping, Schema) {
    for (kind, object) in schema.could.clone() {
        mapping.fields.entry(kind).or_insert(detection::serving(&schema, kind));
        schema.objects.entry(kind).or_insert(object);
    }
    (mapping, schema)
}

/// What the page is made from.
pub(crate) struct Page<'a> {
    pub(crate) mapping: &'a Mapping,
    pub(crate) schema: &'a Schema,
    pub(crate) policy: &'a Policy,
}

/// One thing that a form asks.
pub(crate) struct Asked {
    pub(crate) field: F,
    pub(crate) property: String,
    pub(crate) label: String,
    pub(crate) required: bool,
    /// The CRM has the property.
    pub(crate) present: bool,
}

/// What a partner is asked on the lead form, in order (LEAD-03); under a minute.
const LEAD: &[F] = &[
    F::CompanyName,
    F::Domain,
    F::ContactName,
    F::ContactEmail,
    F::Problem,
    F::StageGuess,
    F::Country,
    F::SubmittedBy,
    F::Consent,
];

/// What the deal form asks beside it; about two minutes.
const DEAL: &[F] = &[F::Motion, F::Amount, F::Currency, F::CloseDate, F::Products, F::ProofOfWork, F::Competitors];

impl Page<'_> {
    fn text(&self, day: &str, account: &str) -> String {
        let mut out = String::new();
        let version = self.policy.version;
        let _ = writeln!(
            out,
            "# Setting up HubSpot for partner registrations\n\nAccount: {} ({}). Made on {day} from the mapping of that day and version {version} of the\npolicy; make it again after either has changed. Names in `code` are internal names of this account.\n",
            cell(account),
            self.schema.account_id
        );
        self.properties(&mut out);
        self.forms(&mut out);
        self.acknowledgement(&mut out);
        self.stages(&mut out);
        self.proof(&mut out);
        out
    }

    /// The property of a field, as the account names it; what it will be called where it is not there yet.
    pub(crate) fn property(&self, kind: ObjectKind, field: F) -> (String, String, bool) {
        let items = detection::provision_plan(self.schema, self.mapping);
        let mapped = self.mapping.property(kind, field);
        let object = self.schema.objects.get(&kind);
        let known = |name: &str| object.and_then(|object| object.properties.iter().find(|known| known.name == name));
        if let Some(there) = mapped.and_then(known) {
            return (there.name.clone(), there.label.clone(), true);
        }
        let planned = items.iter().find(|item| item.object == kind && item.label == field.label());
        match planned {
            Some(item) => (item.property.clone(), item.label.clone(), item.present),
            None => (mapped.unwrap_or(field.name()).to_owned(), field.label().to_owned(), false),
        }
    }

    /// What the CRM says of a property.
    pub(crate) fn known(&self, kind: ObjectKind, name: &str) -> Option<&PropertySchema> {
        self.schema.objects.get(&kind)?.properties.iter().find(|known| known.name == name)
    }

    /// What the form of a kind of registration asks, in order.
    pub(crate) fn asked(&self, kind: RegistrationKind) -> Vec<Asked> {
        let required = self.policy.registration.required.of(kind);
        let needs_consent = self.policy.registration.consent.contains(&kind);
        let needs_proof = self.policy.registration.proof_of_work.contains(&kind);
        let mut fields: Vec<F> = LEAD.to_vec();
        if kind == RegistrationKind::Deal {
            // Consent stays the last thing that is asked.
            let before = fields.len() - 2;
            fields.splice(before..before, DEAL.iter().copied());
        }
        // Whatever the policy requires is asked, also what a usual form leaves out.
        let more = required.iter().copied().filter(|field| !fields.contains(field) && *field != F::Partner);
        let more: Vec<F> = more.collect();
        fields.extend(more);
        let one = |field: F| {
            let (property, label, present) = self.property(ObjectKind::Registration, field);
            let required = required.contains(&field)
                || (field == F::Consent && needs_consent)
                || (field == F::ProofOfWork && needs_proof)
                || (field == F::Currency && required.contains(&F::Amount))
                || field == F::SubmittedBy;
            Asked { field, property, label, required, present }
        };
        fields.into_iter().map(one).collect()
    }

    fn object(&self, kind: ObjectKind) -> String {
        self.schema.objects.get(&kind).map_or_else(|| kind.name().to_owned(), |object| object.type_name.clone())
    }

    fn properties(&self, out: &mut String) {
        let items = detection::provision_plan(self.schema, self.mapping);
        let missing: Vec<_> = items.iter().filter(|item| !item.present).collect();
        let _ = writeln!(out, "## 1. Properties\n");
        if !self.schema.objects.contains_key(&ObjectKind::Registration) {
            let _ = writeln!(
                out,
                "**There is no object for registrations.** Create one first: Settings > Objects > Custom objects > Create\ncustom object, singular `Partner registration`, internal name `partner_registration`, primary display property\n`registration_name` (single-line text), associated with contacts and companies. Custom objects need an Enterprise\nedition. Then sync Drumbeat and make this page again.\n"
            );
        }
        if missing.is_empty() {
            let _ = writeln!(out, "Nothing to do: all {} properties are there.\n", items.len());
            return;
        }
        let _ = writeln!(
            out,
            "`drumbeat provision --apply` adds them, when the token may write schemas. By hand: Settings > Properties > choose\nthe object > Create property.\n\n| object | label | internal name | field type | values |\n|---|---|---|---|---|"
        );
        for item in missing {
            let (holds, values) = detection::shape(item.object, &item.property);
            let values: Vec<String> =
                values.iter().map(|(value, label)| format!("{} = `{value}`", cell(label))).collect();
            let kind = match holds {
                _ if item.unique => "Single-line text, **require unique values**",
                Holds::Text => "Multi-line text",
                Holds::Number => "Number",
                Holds::Day => "Date picker",
                Holds::Instant => "Date and time picker",
                Holds::Truth => "Single checkbox",
                Holds::Choice => "Dropdown select",
                Holds::Choices => "Multiple checkboxes",
            };
            let _ = writeln!(
                out,
                "| `{}` | {} | `{}` | {kind} | {} |",
                item.object_name,
                cell(&item.label),
                item.property,
                values.join(", ")
            );
        }
        out.push('\n');
    }

    fn forms(&self, out: &mut String) {
        let object = self.object(ObjectKind::Registration);
        let _ = writeln!(
            out,
            "## 2. The intake forms\n\nTwo forms on pages that only partners know: one for leads (under a minute), one for deals (about two).\n`drumbeat provision --forms --apply` makes both, when the token has the right `forms`. By hand: Marketing >\nForms > Create form > Embedded form. Fields are those of `{object}` (Edit form > Existing properties > {object}),\nbeside the contact's own e-mail, which HubSpot asks for on every form and which is the partner's, not the customer's.\n"
        );
        for kind in [RegistrationKind::Lead, RegistrationKind::Deal] {
            let _ = writeln!(
                out,
                "### {}\n\n| # | label on the form | property | required |\n|---|---|---|---|",
                kind.label()
            );
            for (number, asked) in self.asked(kind).iter().enumerate() {
                let missing = if asked.present { "" } else { " (add it first)" };
                let _ = writeln!(
                    out,
                    "| {} | {} | `{}`{missing} | {} |",
                    number + 1,
                    cell(&asked.label),
                    asked.property,
                    if asked.required { "yes" } else { "no" }
                );
            }
            let (kind_property, ..) = self.property(ObjectKind::Registration, F::RegistrationKind);
            let (status, ..) = self.property(ObjectKind::Registration, F::Status);
            let (name, ..) = self.property(ObjectKind::Registration, F::Name);
            let (partner, ..) = self.property(ObjectKind::Registration, F::Partner);
            let _ = writeln!(
                out,
                "\nHidden fields with a fixed value: `{kind_property}` = `{}`, `{status}` = `{}`. `{name}` is the object's name and\nmust have a value: a hidden field with the text `{}`. `{partner}` holds the HubSpot record id of the\npartner's company: give each partner a form page of its own with this hidden field set, or let the workflow of section 3\nfill it. Label of the consent box: \"{CONSENT}\" Turn on\nthe captcha (Options), and refuse free e-mail providers (E-mail field > Block free e-mail providers).\n",
                kind.name(),
                RegistrationStatus::Submitted.name(),
                kind.label()
            );
        }
    }

    fn acknowledgement(&self, out: &mut String) {
        let property = |field| self.property(ObjectKind::Registration, field).0;
        let (status, submitted, by, partner) =
            (property(F::Status), property(F::SubmittedAt), property(F::SubmittedBy), property(F::Partner));
        let (company, name) = (property(F::CompanyName), property(F::Name));
        let decision = self.policy.clocks.decision;
        let object = self.object(ObjectKind::Registration);
        let _ = writeln!(
            out,
            "## 3. The acknowledgement\n\nA partner hears at once that the claim has arrived, also while every laptop is closed. Automation > Workflows > Create\nworkflow > From scratch > `{object}`-based.\n\n1. **Enrolment**: `{status}` is any of `{}`. Re-enrolment off. Do not enrol records that are there already.\n2. **Edit record**: if `{submitted}` is unknown, set it to the date of the step. The clock of the decision\n   (S-02, {decision}) counts from it.\n3. **Edit record**: if `{partner}` is unknown, copy the record id of the associated contact's primary company into it.\n   Leave it empty where the contact has none: Drumbeat then asks for the partner.\n4. **Edit record**: set `{name}` to the record id followed by `{company}`, so that people can tell claims apart.\n5. **Send e-mail** to the associated contact (automated e-mail; where `{by}` is an address of its own, to that one):\n",
            RegistrationStatus::Submitted.name()
        );
        let _ = writeln!(
            out,
            "{}\n\n6. Turn the workflow on. It must not change `{status}`: decisions come from Drumbeat and are checked against it.\n",
            self.mail(&format!("{{{{ {object}.{company} }}}}"))
        );
    }

    /// The mail that says that a claim has arrived; `company` is how the CRM's templates name the claim's.
    fn mail(&self, company: &str) -> String {
        let decision = self.policy.clocks.decision;
        let days = self.policy.protection.default_days;
        let meeting = self.policy.clocks.first_meeting;
        format!(
            "```\nSubject: We have your registration for {company}\n\nThank you. Your registration for {company} arrived and has a place in the queue.\nWe decide within {decision}. Nothing is protected until you hear that it is approved; then it is yours for\n{days} days, and the first joint meeting is due within {meeting}.\nIf something is missing we ask, and the time for our decision pauses until your answer.\n```"
        )
    }

    fn stages(&self, out: &mut String) {
        let _ = writeln!(
            out,
            "## 4. Required at a stage\n\nHubSpot then refuses a stage change that the program refuses. Settings > Objects > Deals > Pipelines > the pipeline >\nhover over the stage > Edit stage properties: add these and tick Required. Where a partner-less deal moves through the\nsame pipeline, use Settings > Properties > Deal > Conditional logic instead, with `{}` as the controlling property.\n",
            self.property(ObjectKind::Deal, F::Motion).0
        );
        let hard: Vec<String> = self
            .policy
            .hygiene
            .hard
            .iter()
            .map(|field| {
                let (property, label, _) = self.property(ObjectKind::Deal, *field);
                format!("{} (`{property}`)", cell(&label))
            })
            .collect();
        let counting: Vec<_> = self.mapping.pipelines.iter().filter(|pipeline| pipeline.counts).collect();
        if counting.is_empty() {
            let _ = writeln!(
                out,
                "No pipeline counts in the mapping yet: choose them in Settings, Mapping, and make this page again.\n"
            );
            return;
        }
        for pipeline in counting {
            let _ = writeln!(
                out,
                "### {}\n\n| stage | required properties | exit criterion, as its help text |\n|---|---|---|",
                cell(&pipeline.label)
            );
            for stage in &pipeline.stages {
                let rule = self.policy.stage(pipeline.motion, stage.position).map_or("", |rule| rule.exit.as_str());
                let required = match stage.outcome {
                    Outcome::Open if stage.position <= 1 => "none: a deal begins here".to_owned(),
                    Outcome::Open | Outcome::Won => hard.join(", "),
                    Outcome::Lost => {
                        let (property, label, _) = self.property(ObjectKind::Deal, F::LostReason);
                        format!("{} (`{property}`)", cell(&label))
                    }
                };
                let exit = if stage.outcome == Outcome::Open { rule } else { "" };
                let _ = writeln!(out, "| {} | {required} | {} |", cell(&stage.label), cell(exit));
            }
            out.push('\n');
        }
    }

    fn proof(&self, out: &mut String) {
        let status = self.property(ObjectKind::Registration, F::Status).0;
        let _ = writeln!(
            out,
            "## 5. Whether it works\n\n1. Send the lead form once with a test company. A record of `{}` appears with `{status}` = `{}`.\n2. The acknowledgement arrives within a minute.\n3. `drumbeat sync && drumbeat registrations list` shows the claim with its clock.\n4. Move a test deal to the second stage without a partner: HubSpot refuses and names the properties.\n5. Delete the test records.\n\nNot tried against a live account by the makers of this page: where HubSpot's menus have moved, the names of properties\nand values above still hold.",
            self.object(ObjectKind::Registration),
            RegistrationStatus::Submitted.name()
        );
    }
}

/// Text that stays in its cell: a name from the CRM draws no table and no heading of its own.
fn cell(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if matches!(c, '|' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '\\' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
