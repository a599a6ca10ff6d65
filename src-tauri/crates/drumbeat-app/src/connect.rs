//! Connecting a CRM: schema, mapping, and what Drumbeat would add there.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Duration;
use drumbeat_crm::Connection;
use drumbeat_crm::error::CrmError;
use drumbeat_crm::mapping as detection;
use drumbeat_model::crm::{ObjectKind, Schema, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::ids::OwnerId;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::secret::Secret;
use drumbeat_model::workspace::{
    Connect, Connected, MappingLine, MappingView, ProvisionPlan, SaveMapping, SyncOptions,
};
use drumbeat_store::Entry;

use crate::api::Nothing;
use crate::credentials::Credential;
use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError, Code};
use crate::tiers;
use crate::workspace::{Card, Workspace, client};

/// Days before the connection from which clocks count by default (S-12): claims of the last week keep theirs.
const BASELINE_DAYS: i64 = 7;

/// The address that every account of a vendor has; a Salesforce account has one of its own.
pub(crate) fn vendor_url(vendor: Vendor) -> Answer<&'static str> {
    match vendor {
        Vendor::Hubspot => Ok("https://api.hubapi.com"),
        Vendor::Salesforce => Err(ApiError::invalid("crm.address", "A Salesforce account has an address of its own")
            .kept("Nothing was changed on this computer")
            .next("Give the account's address, such as https://example.my.salesforce.com")),
    }
}

fn read_only(schema: &Schema) -> Option<String> {
    (!schema.can_write).then(|| {
        format!("The token may only read {}: decisions are kept here until it may write", schema.vendor.label())
    })
}

/// Connects a CRM account with a token: reads its schema, finds the mapping, makes the workspace, keeps the token.
///
/// # Errors
/// When the CRM does not answer or accept the token, or the workspace cannot be made.
pub async fn connect(app: Arc<Drumbeat>, request: Connect) -> Answer<Connected> {
    let token = Secret::new(request.token.trim().to_owned());
    if token.expose().is_empty() {
        return Err(ApiError::invalid("token.empty", "There is no token")
            .kept("Nothing was changed on this computer")
            .next("Paste the private-app token or service key"));
    }
    let base_url = match request.base_url {
        Some(url) => url,
        None => vendor_url(request.vendor)?.to_owned(),
    };
    open_account(app, request.vendor, base_url, Credential::Token(token), request.passphrase.map(Secret::new)).await
}

/// The same with whatever opens the account.
pub(crate) async fn open_account(
    app: Arc<Drumbeat>,
    vendor: Vendor,
    base_url: String,
    credential: Credential,
    passphrase: Option<Secret<String>>,
) -> Answer<Connected> {
    let crm = client(vendor, Connection::new(&base_url, credential.access().clone())).map_err(not_an_address)?;
    let schema = crm.describe().await.map_err(|error| not_connected(error.into()))?;
    let card = Card { name: schema.account_name.clone(), vendor, base_url, account_id: schema.account_id.clone() };
    let run = move || -> Answer<Connected> {
        let ws = app.create(card, passphrase.as_ref().map(|secret| secret.expose().as_str()))?;
        ws.keep_credential(&credential)?;
        set_up(&ws, &schema, BASELINE_DAYS)?;
        Ok(Connected {
            workspace: ws.id.clone(),
            account: schema.account_name.clone(),
            account_id: schema.account_id.clone(),
            read_only: read_only(&schema),
            mapping: mapping(&ws, Nothing {})?,
        })
    };
    tokio::task::spawn_blocking(run)
        .await
        .unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))
}

/// What fails before there is a workspace: nothing was read yet, so there is nothing to go on with.
fn not_connected(mut error: ApiError) -> ApiError {
    if error.id == "crm.unreachable" {
        error = error.next("Check the network and the address, and connect again");
    }
    error.kept("Nothing was changed on this computer")
}

/// Nothing was sent yet: what is refused here is the request's own doing.
fn not_an_address(mut error: ApiError) -> ApiError {
    if error.code == Code::Offline {
        (error.code, error.id) = (Code::Invalid, "crm.address".to_owned());
        error = error.next("Give the CRM's own address, starting with https://");
    }
    error.kept("Nothing was changed on this computer")
}

/// Keeps the schema, and the mapping found where there is none yet; a reviewed mapping stays and only gains fields.
fn set_up(ws: &Workspace, schema: &Schema, baseline_days: i64) -> Answer<()> {
    let mut mapping = detection::detect(schema).mapping;
    let known = ws.read(|r| r.mapping())?;
    mapping.go_live = known.go_live.or_else(|| ws.clock.today().checked_sub_signed(Duration::days(baseline_days)));
    mapping.me = known
        .me
        .clone()
        .or_else(|| schema.me.clone().map(OwnerId))
        .or_else(|| schema.owners.first().map(|owner| OwnerId(owner.id.clone())));
    if !known.fields.is_empty() {
        for (kind, fields) in &known.fields {
            mapping.fields.entry(*kind).or_default().extend(fields.clone());
        }
        for pipeline in &mut mapping.pipelines {
            if let Some(reviewed) = known.pipelines.iter().find(|known| known.id == pipeline.id) {
                pipeline.counts = reviewed.counts;
            }
        }
    }
    ws.keep(|w| w.put_schema(schema))?;
    let title = format!("Connected {} ({})", schema.account_name, schema.vendor.label());
    ws.use_mapping(entry(ws, "connect", &title), &mapping)
}

pub(crate) fn entry<'a>(ws: &Workspace, act: &'a str, title: &'a str) -> Entry<'a> {
    Entry {
        at: ws.clock.now(),
        actor: "Partner manager",
        act,
        title,
        reason: None,
        facts: None,
        policy: Some(ws.policy.version),
    }
}

/// Opens the sample: connects its CRM, provisions it and syncs it, so that it can be explored at once.
///
/// # Errors
/// When the sample's CRM does not answer. Blocks; call it from a blocking thread of the runtime.
pub fn connect_sample(app: &Arc<Drumbeat>, vendor: Vendor, base_url: String, token: Secret<String>) -> Answer<()> {
    let runtime = tokio::runtime::Handle::current();
    let crm = client(vendor, Connection::new(&base_url, token.clone()))?;
    let schema = runtime.block_on(crm.describe())?;
    let card = Card { name: "Sample workspace".to_owned(), vendor, base_url, account_id: schema.account_id.clone() };
    let dir = std::env::temp_dir().join(format!("drumbeat-sample-{}", uuid::Uuid::now_v7()));
    let ws = app.create_temporary(dir, card)?;
    ws.keep_credential(&Credential::Token(token))?;
    set_up(&ws, &schema, 30)?;
    runtime.block_on(provision(Arc::clone(&ws), Nothing {}))?;
    runtime.block_on(crate::syncing::sync(Arc::clone(&ws), SyncOptions::default()))?;
    Ok(())
}

/// The mapping for review.
///
/// # Errors
/// What the store says.
pub fn mapping(ws: &Arc<Workspace>, _: Nothing) -> Answer<MappingView> {
    ws.read(|r| {
        let (mapping, schema) = (r.mapping()?, r.schema()?);
        let owners = schema.as_ref().map(|schema| schema.owners.clone()).unwrap_or_default();
        let mut lines = Vec::new();
        for (kind, fields) in wanted() {
            let object = schema.as_ref().and_then(|schema| schema.objects.get(kind));
            let Some(object) = object else { continue };
            for field in *fields {
                let property = mapping.property(*kind, *field).map(str::to_owned);
                let found =
                    property.as_ref().and_then(|name| object.properties.iter().find(|property| property.name == *name));
                let samples = match &property {
                    Some(name) => r.sample_values(*kind, name, 3)?,
                    None => Vec::new(),
                };
                lines.push(MappingLine {
                    kind: *kind,
                    field: *field,
                    label: field.label().to_owned(),
                    property_label: found.map(|property| property.label.clone()),
                    holds: found.map(|property| property.holds),
                    wanted: true,
                    samples,
                    candidates: if property.is_none() {
                        object.properties.iter().filter(|p| !p.read_only).map(|p| p.name.clone()).take(400).collect()
                    } else {
                        Vec::new()
                    },
                    property,
                });
            }
        }
        Ok(MappingView { pipelines: mapping.pipelines.clone(), go_live: mapping.go_live, owners, lines, mapping })
    })
}

/// The fields that a person reviews: those that checks and required fields rest on.
pub(crate) fn wanted() -> &'static [(ObjectKind, &'static [Field])] {
    use Field as F;
    &[
        (
            ObjectKind::Deal,
            &[
                F::Amount,
                F::Currency,
                F::Stage,
                F::CloseDate,
                F::Owner,
                F::Motion,
                F::PartnerType,
                F::Partner,
                F::Attribution,
                F::AttributionPct,
                F::RegistrationId,
                F::ProtectionStart,
                F::ProtectionEnd,
                F::PriceProtected,
                F::DiscountBand,
                F::DealKind,
                F::Incumbent,
                F::ContactRoles,
                F::ConflictStatus,
                F::StageNotes,
                F::StageNotesAt,
                F::NextStep,
                F::NextStepOwner,
                F::NextStepDue,
            ],
        ),
        (
            ObjectKind::Registration,
            &[
                F::RegistrationKind,
                F::Status,
                F::Partner,
                F::CompanyName,
                F::Domain,
                F::ContactName,
                F::ContactEmail,
                F::Consent,
                F::Amount,
                F::CloseDate,
                F::ProofOfWork,
                F::Motion,
                F::SubmittedAt,
                F::DecidedAt,
                F::DecidedBy,
                F::DecisionReason,
                F::DeclineReason,
                F::ProtectionEnd,
                F::Deal,
                F::ClaimedBy,
                F::Dossier,
            ],
        ),
        (
            ObjectKind::Company,
            &[
                F::Domain,
                F::Country,
                F::IsPartner,
                F::PartnerType,
                F::PartnerTier,
                F::PartnerStatus,
                F::PartnerMotions,
                F::PartnerTerritories,
                F::Incumbent,
                F::RenewalDate,
                F::Blocked,
            ],
        ),
        (ObjectKind::Certification, &[F::Partner, F::Holder, F::CertificationKind, F::Level, F::ExpiresAt, F::Status]),
    ]
}

/// Saves a reviewed mapping.
///
/// # Errors
/// When a property is not in the CRM, or the store says no.
pub fn save_mapping(ws: &Arc<Workspace>, request: SaveMapping) -> Answer<MappingView> {
    let (mut mapping, schema) = ws.read(|r| Ok((r.mapping()?, r.schema()?)))?;
    for changed in &request.fields {
        let fields: &mut BTreeMap<Field, String> = mapping.fields.entry(changed.kind).or_default();
        match &changed.property {
            None => {
                fields.remove(&changed.field);
            }
            Some(property) => {
                let known = schema
                    .as_ref()
                    .and_then(|schema| schema.objects.get(&changed.kind))
                    .is_some_and(|object| object.properties.iter().any(|p| p.name == *property));
                if !known {
                    return Err(ApiError::invalid(
                        "mapping.property",
                        format!("The CRM has no property \"{property}\" there"),
                    )
                    .kept("The mapping is as it was")
                    .next("Choose one of the list"));
                }
                fields.insert(changed.field, property.clone());
            }
        }
    }
    for pipeline in &mut mapping.pipelines {
        if let Some(changed) = request.pipelines.iter().find(|changed| changed.id == pipeline.id) {
            pipeline.counts = changed.counts;
        }
    }
    mapping.me = request.me.or(mapping.me);
    mapping.go_live = request.go_live.or(mapping.go_live);
    ws.use_mapping(entry(ws, "mapping", "Changed the mapping"), &mapping)?;
    self::mapping(ws, Nothing {})
}

fn plan_of(ws: &Workspace) -> Answer<ProvisionPlan> {
    ws.read(|r| {
        let (schema, mapping) = (r.schema()?, r.mapping()?);
        let Some(schema) = schema else {
            return Ok(ProvisionPlan {
                items: Vec::new(),
                missing: 0,
                refused: Some("The CRM has not been described yet".to_owned()),
            });
        };
        let items = detection::provision_plan(&schema, &mapping);
        let missing = u32::try_from(items.iter().filter(|item| !item.present).count()).unwrap_or(u32::MAX);
        Ok(ProvisionPlan { items, missing, refused: read_only(&schema) })
    })
}

/// What Drumbeat would add to the CRM, as the CRM is now.
///
/// # Errors
/// When the CRM does not answer.
pub async fn provision_plan(ws: Arc<Workspace>, _: Nothing) -> Answer<ProvisionPlan> {
    describe_again(&ws).await?;
    plan_of(&ws)
}

/// Adds what is missing to the CRM, one after another; what is refused stops none of the others, what was added stays.
///
/// # Errors
/// What the CRM says of those that it refuses, or why it went no further.
pub async fn provision(ws: Arc<Workspace>, _: Nothing) -> Answer<ProvisionPlan> {
    describe_again(&ws).await?;
    let plan = plan_of(&ws)?;
    let crm = ws.crm()?;
    let (mut added, mut refused, mut stopped) = (0, Vec::new(), None);
    for item in plan.items.iter().filter(|item| !item.present) {
        match crm.provision(item).await {
            Ok(()) => added += 1,
            // That one is refused says nothing of the others.
            Err(CrmError::Refused(why)) => refused.push(why.trim_end_matches('.').to_owned()),
            Err(error) => {
                stopped = Some(error);
                break;
            }
        }
    }
    let first = || (!refused.is_empty()).then(|| CrmError::Refused(refused.join("; ")));
    let refused = stopped.or_else(first);
    describe_again(&ws).await?;
    if added > 0 {
        let title = format!("Added {added} properties to {}", ws.card.vendor.label());
        ws.write(entry(&ws, "provision", &title), |_| Ok(()))?;
    }
    match refused {
        Some(error) => {
            let error = ApiError::from(error).kept(format!("{added} of {} were added and stay", plan.missing));
            Err(match ws.card.vendor {
                Vendor::Salesforce => error.next(
                    "Let the admin show this user what is there already (field-level security of a permission set). Give the \
                     package to the admin (`drumbeat provision --package FILE`), and the page that explains it \
                     (`--guide FILE`); in the window both are behind Import, How partners register by themselves",
                ),
                Vendor::Hubspot => error,
            })
        }
        None => plan_of(&ws),
    }
}

/// Reads the schema again and maps what it has gained.
async fn describe_again(ws: &Arc<Workspace>) -> Answer<()> {
    let schema = ws.crm()?.describe().await?;
    let known = ws.read(|r| r.mapping())?;
    let mut mapping: Mapping = known.clone();
    for (kind, fields) in detection::detect(&schema).mapping.fields {
        let mapped = mapping.fields.entry(kind).or_default();
        for (field, property) in fields {
            mapped.entry(field).or_insert(property);
        }
    }
    mapping.tiers = tiers::known(Some(&schema), &mapping, &ws.policy);
    ws.keep(|w| w.put_schema(&schema))?;
    ws.crm()?.use_schema(&schema);
    if mapping != known {
        ws.use_mapping(entry(ws, "mapping", "Mapped properties that are new in the CRM"), &mapping)?;
    }
    Ok(())
}
