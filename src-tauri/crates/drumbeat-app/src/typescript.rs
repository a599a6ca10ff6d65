//! The TypeScript client, written from the table of operations and the types' own descriptions, and
//! the words of the closed lists, so that the window never spells one of them a second time.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use drumbeat_model::board::ScoredBy;
use drumbeat_model::change::OpAnswer;
use drumbeat_model::channel::{ChannelSignal, ConflictKind, ConflictState, Severity};
use drumbeat_model::deal::{Attribution, ConflictStatus, DealSort, Motion};
use drumbeat_model::dossier::{Answered, PartnerRole, ProofKind};
use drumbeat_model::forecast::{CreditClass, FactorKind, Forecasting};
use drumbeat_model::gate::StageRole;
use drumbeat_model::inbox::{InboxGroup, InboxShow, InboxSort, Scope};
use drumbeat_model::intake::{Confidence, DayOrder, DecimalMark, IntakeSource, RowVerdict};
use drumbeat_model::lifecycle::{BulkAct, Letter, LifeAct, ProtectionGroup};
use drumbeat_model::look::LookPart;
use drumbeat_model::merge::{MergeAnswer, MergeKind, NoticeAbout, PreviewVerdict};
use drumbeat_model::movement::MoveKind;
use drumbeat_model::pack::{PackFormat, ShareFormat};
use drumbeat_model::partner::{PartnerSort, PartnerStatus, PartnerType, Tier};
use drumbeat_model::plan::{PlanSide, PlanState};
use drumbeat_model::policy::PolicyFormat;
use drumbeat_model::registration::{DeclineReason, RegistrationKind, RegistrationStatus};
use drumbeat_model::review::{
    AgendaOrder, AgendaSection, ItemVerdict, PromiseState, ReviewFormat, ReviewMailKind, ReviewTemplate,
};
use drumbeat_model::settling::{ConflictAct, Settlement};
use drumbeat_model::today::TodayBlock;
use ts_rs::{Config, TS, TypeVisitor};

use crate::api::{OPERATIONS, OperationKind};

/// Types met so far, by name.
#[derive(Default)]
pub struct Types {
    config: Config,
    seen: HashSet<TypeId>,
    declarations: BTreeMap<String, String>,
}

impl Types {
    /// The TypeScript name of `T`; its declaration and those it needs are remembered.
    pub fn name_of<T: TS + 'static + ?Sized>(&mut self) -> String {
        T::visit_generics(self);
        self.visit::<T>();
        T::name(&self.config)
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            self.declarations.insert(T::ident(&self.config), T::decl(&self.config));
        }
        T::visit_generics(self);
        T::visit_dependencies(self);
    }
}

fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// What a person reads for each value of the closed lists that the window shows, in the lists' order.
fn labels() -> String {
    let (mut tables, mut shape) = (String::new(), String::new());
    macro_rules! table {
        ($($list:ident),* $(,)?) => {$(
            let words: Vec<String> =
                $list::ALL.iter().map(|value| format!("{}: {:?}", value.name(), value.label())).collect();
            let name = stringify!($list);
            let _ = writeln!(tables, "  {name}: {{ {} }},", words.join(", "));
            let _ = write!(shape, " {name}: Record<{name}, string>;");
        )*};
    }
    table!(
        AgendaOrder,
        AgendaSection,
        MoveKind,
        PlanSide,
        PlanState,
        ScoredBy,
        StageRole,
        CreditClass,
        FactorKind,
        Forecasting,
        PromiseState,
        ReviewFormat,
        ReviewMailKind,
        Answered,
        Attribution,
        BulkAct,
        ChannelSignal,
        Confidence,
        ConflictAct,
        ConflictKind,
        ConflictState,
        ConflictStatus,
        DayOrder,
        DealSort,
        DecimalMark,
        DeclineReason,
        InboxGroup,
        InboxShow,
        InboxSort,
        IntakeSource,
        ItemVerdict,
        Letter,
        LifeAct,
        MergeAnswer,
        MergeKind,
        Motion,
        NoticeAbout,
        OpAnswer,
        LookPart,
        PackFormat,
        ShareFormat,
        PolicyFormat,
        PartnerRole,
        PartnerSort,
        PartnerStatus,
        PartnerType,
        PreviewVerdict,
        ProofKind,
        ProtectionGroup,
        RegistrationKind,
        RegistrationStatus,
        ReviewTemplate,
        RowVerdict,
        Scope,
        Settlement,
        Severity,
        Tier,
        TodayBlock,
    );
    format!(
        "/** What a person reads for each value of the closed lists. */\nexport const labels = {{\n{tables}}} satisfies {{{shape} }};\n\n"
    )
}

/// The whole of `api.gen.ts`.
#[must_use]
pub fn client() -> String {
    let mut types = Types::default();
    let mut functions = String::new();
    let mut table = String::new();
    for op in OPERATIONS {
        let (request, answer) = ((op.request)(&mut types), (op.answer)(&mut types));
        let name = camel(op.name);
        let (argument, value) =
            if request == "Nothing" { (String::new(), "{}") } else { (format!("request: {request}"), "request") };
        let _ = writeln!(
            functions,
            "  {name}: ({argument}): Promise<{answer}> => call(\"{}\", {value}) as Promise<{answer}>,",
            op.name
        );
        let kind = match op.kind {
            OperationKind::Query => "query",
            OperationKind::Command => "command",
            OperationKind::Job => "job",
        };
        let reads: Vec<String> = op.reads.iter().filter_map(|kind| serde_json::to_string(kind).ok()).collect();
        let _ = writeln!(table, "  {name}: {{ kind: \"{kind}\", reads: [{}] }},", reads.join(", "));
    }
    types.name_of::<crate::events::AppEvent>();
    types.name_of::<crate::error::ApiError>();
    let mut out = String::from(
        "// Written by `cargo xtask gen` from the table of operations. Do not edit.\nimport { call } from \"./transport\";\n\n",
    );
    for declaration in types.declarations.values() {
        let _ = writeln!(out, "export {declaration}\n");
    }
    out.push_str(&labels());
    let _ = write!(
        out,
        "/** Every operation: what it is and which kinds of data a query reads. */\nexport const operations = {{\n{table}}} as const satisfies Record<string, {{ kind: \"query\" | \"command\" | \"job\"; reads: readonly Kind[] }}>;\n\n"
    );
    let _ = write!(out, "/** One typed function per operation. */\nexport const api = {{\n{functions}}};\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_typed_function() {
        let text = client();
        for op in OPERATIONS {
            assert!(text.contains(&format!("  {}: (", camel(op.name))), "{}", op.name);
        }
        assert!(!text.contains("bigint"), "a 64-bit number crosses to the window");
    }

    #[test]
    fn every_closed_list_brings_its_words() {
        let text = labels();
        for reason in DeclineReason::ALL {
            let entry = format!("{}: \"{}\"", reason.name(), reason.label());
            assert!(text.contains(&entry), "{entry} is not in {text}");
        }
    }
}
