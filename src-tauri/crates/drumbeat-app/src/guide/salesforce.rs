//! The page for a Salesforce admin: fields and the package that brings them, which leads are registrations, the form, its
//! acknowledgement, what is required at a stage.
//!
//! A field that nobody is shown is as good as missing there, so that the permission set is part of every way. What is
//! required at a stage is told as formulas of validation rules, ready to be pasted.

use std::fmt::Write;

use drumbeat_crm::mapping::{self as detection, REGISTRATION_TYPE};
use drumbeat_crm::salesforce::{PERMISSION_SET, field_type};
use drumbeat_model::crm::{Holds, ObjectKind, Outcome};
use drumbeat_model::field::Field as F;
use drumbeat_model::mapping::PipelineMapping;
use drumbeat_model::registration::{RegistrationKind, RegistrationStatus};

use super::{Page, cell};
use crate::forms::CONSENT;

/// Partners' claims are leads, unless the account has an object of its own for them.
const LEAD: &str = "Lead";
/// The record type of deals in an account that has none to choose from.
const MASTER: &str = "012000000000000AAA";

impl Page<'_> {
    pub(super) fn for_salesforce(&self, day: &str, account: &str) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "# Setting up Salesforce for partner registrations\n\nAccount: {} ({}). Made on {day} from the mapping of that day and version {} of the\npolicy; make it again after either has changed. Names in `code` are API names of this account.\n",
            cell(account),
            self.schema.account_id,
            self.policy.version
        );
        self.fields(&mut out);
        self.registrations(&mut out);
        self.web_to_lead(&mut out);
        self.auto_response(&mut out);
        self.validation_rules(&mut out);
        self.check(&mut out);
        out
    }

    fn fields(&self, out: &mut String) {
        let items = detection::provision_plan(self.schema, self.mapping);
        let missing: Vec<_> = items.iter().filter(|item| !item.present && item.property != REGISTRATION_TYPE).collect();
        let _ = writeln!(
            out,
            "## 1. Fields, and who sees them\n\nThe package has all of it: `drumbeat provision --package drumbeat.zip`, then\n\n```\nsf project deploy start --metadata-dir drumbeat.zip --single-package --target-org ORG\n```\n\nor Workbench, migration, Deploy, with *Single Package* and *Rollback On Error* ticked. It leaves fields that are there\nalready as they are. Then assign its permission set: Setup > Permission Sets > `{PERMISSION_SET}` > Manage Assignments, to\neveryone who works with partners and to the user that Drumbeat signs in as. **A field that is not shown to that user does\nnot exist for Drumbeat.**\n"
        );
        if missing.is_empty() {
            let _ = writeln!(out, "Nothing to do: all {} fields are there.\n", items.len());
            return;
        }
        let _ = writeln!(
            out,
            "`drumbeat provision --apply` adds the fields one by one, where the user has *Customize Application*; the permission set\nis still to be made. By hand: Setup > Object Manager > the object > Fields & Relationships > New. Fields of tasks are made\nunder Activity.\n\n| object | label | API name | type | values |\n|---|---|---|---|---|"
        );
        let mut told = std::collections::BTreeSet::new();
        for item in missing {
            if !told.insert((&item.object_name, &item.property)) {
                continue;
            }
            let (holds, values) = detection::shape(item.object, &item.property);
            let values: Vec<String> = match holds {
                Holds::Choice | Holds::Choices => {
                    values.iter().map(|(value, label)| format!("{} = `{value}`", cell(label))).collect()
                }
                Holds::Text | Holds::Number | Holds::Day | Holds::Instant | Holds::Truth => Vec::new(),
            };
            let object = if item.object_name == "Task" { "Activity" } else { &item.object_name };
            let _ = writeln!(
                out,
                "| `{object}` | {} | `{}` | {} | {} |",
                cell(&item.label),
                item.property,
                field_type(item),
                values.join(", ")
            );
        }
        out.push('\n');
    }

    fn registrations(&self, out: &mut String) {
        let object = self.object(ObjectKind::Registration);
        let _ = writeln!(out, "## 2. Which records are registrations\n");
        if object != LEAD {
            let _ = writeln!(out, "Nothing to do: they are records of `{object}`.\n");
        } else if self.schema.could.contains_key(&ObjectKind::Registration) {
            let _ = writeln!(
                out,
                "**No lead is a registration yet.** The package makes the record type `{REGISTRATION_TYPE}` of leads and the lead process\nthat it wants. By hand: Setup > Lead Processes > New, with the states of your leads; then Object Manager > Lead > Record\nTypes > New, label `Deal Registration`, name `{REGISTRATION_TYPE}`, active. Show it to the profiles that work with partners, then\nsync Drumbeat.\n"
            );
        } else {
            let _ = writeln!(out, "Nothing to do: they are the leads of the record type for deal registrations.\n");
        }
        if object == LEAD {
            let _ = writeln!(
                out,
                "An approved deal registration is converted into its deal where the user that Drumbeat signs in as has *Convert Leads* and\n*View and Edit Converted Leads*, so that its protection can still be extended and released (Setup > Permission Sets > the set >\nApp Permissions, under Sales); both are known after the next sync. Without the second the deal stands beside the lead, unless\nthe policy says otherwise (`convert_leads`).\n"
            );
        }
    }

    fn web_to_lead(&self, out: &mut String) {
        let object = self.object(ObjectKind::Registration);
        let _ = writeln!(out, "## 3. The intake form\n");
        if object != LEAD {
            let _ = writeln!(
                out,
                "Salesforce’s own form makes leads, and registrations are records of `{object}` here: nothing of it fits. Give\npartners a page of Experience Cloud, or let them send mails and tables, which Drumbeat reads (`drumbeat import`).\n"
            );
            return;
        }
        let _ = writeln!(
            out,
            "Web-to-Lead is the form that fits; Setup makes its HTML, and no interface does. Setup > Web-to-Lead > Create Web-to-Lead\nForm, with reCAPTCHA; once for leads (under a minute), once for deals (about two), on pages that only partners know. Salesforce\ntakes 500 a day.\n"
        );
        for kind in [RegistrationKind::Lead, RegistrationKind::Deal] {
            let _ = writeln!(
                out,
                "### {}\n\n| # | label on the form | field | required |\n|---|---|---|---|",
                kind.label()
            );
            let asked = self.asked(kind).into_iter().filter(|asked| !self.is_lookup(&asked.property));
            for (number, asked) in asked.enumerate() {
                let missing = if asked.present { "" } else { " (add it first)" };
                let parts = if asked.property == "Name" { " (First Name and Last Name)" } else { "" };
                let _ = writeln!(
                    out,
                    "| {} | {} | `{}`{parts}{missing} | {} |",
                    number + 1,
                    cell(&asked.label),
                    asked.property,
                    if asked.required { "yes" } else { "no" }
                );
            }
            let (kind_property, ..) = self.property(ObjectKind::Registration, F::RegistrationKind);
            let (status, ..) = self.property(ObjectKind::Registration, F::Status);
            let _ = writeln!(
                out,
                "\nHidden fields with a fixed value, in the HTML that Setup has made: `recordType` = the id of the record type,\n`{kind_property}` = `{}`, `{status}` = `{}`. Fields of the account’s own go by their ids (`00N…`) there. Mark what is required\nin the HTML as well. Label of the consent box: \"{CONSENT}\"\n",
                kind.name(),
                RegistrationStatus::Submitted.name()
            );
        }
        let partner = self.property(ObjectKind::Registration, F::Partner).0;
        let by = self.property(ObjectKind::Registration, F::SubmittedBy).0;
        let at = self.property(ObjectKind::Registration, F::SubmittedAt).0;
        let _ = writeln!(
            out,
            "A flow says whose claim it is: Setup > Flows > New > Record-Triggered, `Lead`, created, with that record type. Get the\ncontact whose e-mail is `{by}`; set `{partner}` to its account, `{at}` to the current time where it is empty. Where no contact is\nfound it leaves `{partner}` empty: Drumbeat then asks for the partner.\n"
        );
    }

    /// A field that names a record is not offered to forms.
    fn is_lookup(&self, property: &str) -> bool {
        let items = detection::provision_plan(self.schema, self.mapping);
        items.iter().any(|item| item.property == property && field_type(item).starts_with("Lookup"))
    }

    fn auto_response(&self, out: &mut String) {
        let object = self.object(ObjectKind::Registration);
        let company = self.property(ObjectKind::Registration, F::CompanyName).0;
        let by = self.property(ObjectKind::Registration, F::SubmittedBy).0;
        let how = if object == LEAD {
            format!(
                "An auto-response rule answers the lead’s own e-mail, which is the customer’s: let the flow of section 3 send it to `{by}` instead\n(action *Send Email*)."
            )
        } else {
            format!("Let a record-triggered flow on `{object}` send it to `{by}` (action *Send Email*).")
        };
        let _ = writeln!(
            out,
            "## 4. The acknowledgement\n\nA partner hears at once that the claim has arrived, also while every laptop is closed. {how}\n\n{}\n",
            self.mail(&format!("{{!$Record.{company}}}"))
        );
    }

    fn validation_rules(&self, out: &mut String) {
        let _ = writeln!(
            out,
            "## 5. Required at a stage\n\nSalesforce then refuses a stage change that the program refuses. Setup > Object Manager > Opportunity > Validation Rules >\nNew, one for each formula; deals without a partner are left alone.\n"
        );
        let counting: Vec<_> = self.mapping.pipelines.iter().filter(|pipeline| pipeline.counts).collect();
        if counting.is_empty() {
            let _ = writeln!(
                out,
                "No pipeline counts in the mapping yet: choose them in Settings, Mapping, and make this page again.\n"
            );
        }
        for pipeline in counting {
            let _ = writeln!(out, "### {}\n", cell(&pipeline.label));
            let later =
                |outcome: Outcome, position: u32| outcome == Outcome::Won || outcome == Outcome::Open && position > 1;
            let hard = self.policy.hygiene.hard.as_slice();
            self.rule(out, "Partner_fields_of_the_stage", pipeline, hard, later);
            self.rule(out, "Lost_reason", pipeline, &[F::LostReason], |outcome, _| outcome == Outcome::Lost);
        }
    }

    /// One rule: at these stages none of the fields is empty.
    fn rule(
        &self,
        out: &mut String,
        name: &str,
        pipeline: &PipelineMapping,
        fields: &[F],
        at: impl Fn(Outcome, u32) -> bool,
    ) {
        let stages = pipeline.stages.iter().filter(|stage| at(stage.outcome, stage.position));
        let stages: Vec<String> = stages.map(|stage| format!("ISPICKVAL(StageName, {})", text(&stage.id))).collect();
        let named: Vec<(String, String)> = fields
            .iter()
            .map(|field| self.property(ObjectKind::Deal, *field))
            .map(|(property, label, _)| (property, label))
            .collect();
        let empty: Vec<String> = named.iter().filter_map(|(property, _)| self.is_empty(property)).collect();
        if stages.is_empty() || empty.is_empty() {
            return;
        }
        let kind = match pipeline.id.as_str() {
            MASTER => String::new(),
            _ => format!("  RecordType.Name = {},\n", text(&pipeline.label)),
        };
        let motion = self.property(ObjectKind::Deal, F::Motion).0;
        let partner = self.is_empty(&motion).map(|empty| format!("  NOT({empty}),\n")).unwrap_or_default();
        let labels: Vec<String> = named.iter().map(|(_, label)| label.clone()).collect();
        let asked: Vec<String> =
            named.iter().map(|(property, label)| format!("{} (`{property}`)", cell(label))).collect();
        let _ = writeln!(
            out,
            "`{name}` asks for {}; its message is \"Fill in first: {}\":\n\n```\nAND(\n{kind}{partner}  OR({}),\n  OR({})\n)\n```\n",
            asked.join(", "),
            labels.join(", "),
            stages.join(", "),
            empty.join(", ")
        );
    }

    /// When a field has nothing in it, as a formula; a box is never empty.
    fn is_empty(&self, property: &str) -> Option<String> {
        let known = self.known(ObjectKind::Deal, property).map(|known| known.holds);
        match known.unwrap_or_else(|| detection::shape(ObjectKind::Deal, property).0) {
            Holds::Truth => None,
            Holds::Choice => Some(format!("ISBLANK(TEXT({property}))")),
            Holds::Choices => Some(format!("PICKLISTCOUNT({property}) = 0")),
            Holds::Text | Holds::Number | Holds::Day | Holds::Instant => Some(format!("ISBLANK({property})")),
        }
    }

    fn check(&self, out: &mut String) {
        let status = self.property(ObjectKind::Registration, F::Status).0;
        let _ = writeln!(
            out,
            "## 6. Whether it works\n\n1. `drumbeat provision` says that nothing is left to add.\n2. Send the form once with a test company. A record of `{}` appears with `{status}` = `{}`.\n3. The acknowledgement arrives within a minute.\n4. `drumbeat sync && drumbeat registrations list` shows the claim with its clock.\n5. Move a test deal to the second stage without a partner: Salesforce refuses with the sentence of the rule.\n6. Delete the test records.\n\nNot tried against a live account by the makers of this page: where menus have moved, the names of fields and values above\nstill hold.",
            self.object(ObjectKind::Registration),
            RegistrationStatus::Submitted.name()
        );
    }
}

/// A text in a formula.
fn text(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}
