//! The views that people keep of a list: a name, and what was asked. They are kept in this workspace.

use std::sync::Arc;

use drumbeat_model::deal::{DealView, DealViewRef};
use drumbeat_model::inbox::InboxQuery;
use drumbeat_model::lifecycle::{InboxView, InboxViewRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::Nothing;
use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

/// Views of one list at most, and the longest name of one.
const MOST: usize = 100;
const LONGEST: usize = 60;

/// A view of a list.
trait View: Serialize + DeserializeOwned {
    /// Under what the views of the list are kept.
    const KEPT: &'static str;
    fn name(&self) -> &str;
    fn named(self, name: String) -> Self;
}

impl View for InboxView {
    const KEPT: &'static str = "inbox_views";
    fn name(&self) -> &str {
        &self.name
    }
    fn named(self, name: String) -> Self {
        Self { name, ..self }
    }
}

impl View for DealView {
    const KEPT: &'static str = "deal_views";
    fn name(&self) -> &str {
        &self.name
    }
    fn named(self, name: String) -> Self {
        Self { name, ..self }
    }
}

fn kept<V: View>(ws: &Workspace) -> Answer<Vec<V>> {
    ws.read(|r| Ok(r.value(V::KEPT)?.unwrap_or_default()))
}

fn keep<V: View>(ws: &Workspace, view: V) -> Answer<Vec<V>> {
    let name = view.name().trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST {
        return Err(ApiError::invalid("view.name", format!("A view has a name of at most {LONGEST} letters"))
            .kept("Nothing was changed"));
    }
    let mut views = kept::<V>(ws)?;
    views.retain(|known| known.name() != name);
    if views.len() >= MOST {
        return Err(ApiError::invalid("view.many", format!("There are {MOST} views already"))
            .kept("Nothing was changed")
            .next("Forget one that nobody uses"));
    }
    views.push(view.named(name));
    views.sort_by(|a, b| a.name().cmp(b.name()));
    ws.keep(|w| w.put_value(V::KEPT, &views))?;
    Ok(views)
}

fn forget<V: View>(ws: &Workspace, name: &str) -> Answer<Vec<V>> {
    let mut views = kept::<V>(ws)?;
    views.retain(|view| view.name() != name);
    ws.keep(|w| w.put_value(V::KEPT, &views))?;
    Ok(views)
}

/// The views of the inbox that were kept, by name.
///
/// # Errors
/// What the store says.
pub fn inbox_views(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<InboxView>> {
    kept(ws)
}

/// Keeps a view of the inbox; one of the same name is replaced.
///
/// # Errors
/// When it has no name, or there are too many.
pub fn save_inbox_view(ws: &Arc<Workspace>, request: InboxView) -> Answer<Vec<InboxView>> {
    // A view begins at its beginning.
    keep(ws, InboxView { query: InboxQuery { after: None, ..request.query }, ..request })
}

/// Forgets a view of the inbox.
///
/// # Errors
/// What the store says.
pub fn forget_inbox_view(ws: &Arc<Workspace>, request: InboxViewRef) -> Answer<Vec<InboxView>> {
    forget(ws, &request.name)
}

/// The views of the deals that were kept, by name.
///
/// # Errors
/// What the store says.
pub fn deal_views(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<DealView>> {
    kept(ws)
}

/// Keeps a view of the deals; one of the same name is replaced.
///
/// # Errors
/// When it has no name, or there are too many.
pub fn save_deal_view(ws: &Arc<Workspace>, request: DealView) -> Answer<Vec<DealView>> {
    keep(ws, request)
}

/// Forgets a view of the deals.
///
/// # Errors
/// What the store says.
pub fn forget_deal_view(ws: &Arc<Workspace>, request: DealViewRef) -> Answer<Vec<DealView>> {
    forget(ws, &request.name)
}
