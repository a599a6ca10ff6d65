//! The planted ways to make a request wrong: nothing in what ships, where every branch here is `false`.

use drumbeat_crm::crm::Update;
use drumbeat_model::change::Op;
use drumbeat_model::crm::Properties;
use drumbeat_model::planted::{Bug, planted};

use crate::push::Push;
use crate::sight::marker;

impl Push<'_> {
    /// The planted ways to make a request wrong; nothing in what ships.
    pub(crate) async fn broken(&self, op: &Op, attempt: u32, update: &mut Update) {
        let mark = |set: &mut Properties| {
            let own = marker(&op.id, attempt);
            let name = set.iter().find(|(_, value)| **value == own).map(|(name, _)| name.clone());
            name.and_then(|name| set.remove_entry(&name))
        };
        if planted(Bug::MarkApart)
            && let Some((name, value)) = mark(&mut update.set)
        {
            let first = Update { set: [(name, value)].into(), ..update.clone() };
            let _ = self.look.crm.update(&first).await;
        }
        if planted(Bug::GroupSplit) {
            while update.set.len() > 2
                && let Some((name, value)) = update.set.pop_first()
            {
                let mut set = Properties::from([(name, value)]);
                set.extend(mark(&mut update.set.clone()));
                let _ = self.look.crm.update(&Update { set, ..update.clone() }).await;
            }
        }
        if planted(Bug::ResendWithoutReadBack) {
            // The request proper, which follows, is the second.
            let _ = self.look.crm.update(update).await;
        }
    }
}
