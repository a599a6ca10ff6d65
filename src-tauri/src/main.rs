//! Drumbeat.
fn main() {}
