//! Pages of a list. A page ends with a key, never with an offset, so that rows which come and go
//! between two pages neither repeat nor vanish.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// Opaque key to ask the next page with; absent at the end.
    pub next: Option<String>,
    /// How many rows the filter has in all.
    pub total: u32,
}

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}
