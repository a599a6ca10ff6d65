//! The steps of one command: announced, timed, and listed at the end.

use std::fmt::Write;
use std::time::{Duration, Instant};

/// What was done so far and how long each part took.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Duration, bool)>,
}

impl Steps {
    /// Do one step. A failure carries the step's name and ends the command.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        println!("\n==> {name}");
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed();
        self.done.push((name.to_owned(), took, outcome.is_ok()));
        match &outcome {
            Ok(_) => println!("    {name}: {:.1} s", took.as_secs_f64()),
            Err(_) => println!("    {name}: FAILED after {:.1} s", took.as_secs_f64()),
        }
        outcome.map_err(|why| format!("Failed at \"{name}\": {why}"))
    }

    /// Every step with its seconds, and their sum.
    pub fn table(&self) -> String {
        let wide = self.done.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0).max(5);
        let mut table = String::new();
        for (name, took, well) in &self.done {
            let failed = if *well { "" } else { "  FAILED" };
            let _ = writeln!(table, "  {name:wide$}  {:>7.1} s{failed}", took.as_secs_f64());
        }
        let sum: Duration = self.done.iter().map(|(_, took, _)| *took).sum();
        let _ = writeln!(table, "  {:wide$}  {:>7.1} s", "total", sum.as_secs_f64());
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_named_and_marked() {
        let mut steps = Steps::default();
        assert_eq!(steps.step("npm packages", || Ok(7)), Ok(7));
        let failed = steps.step("UI lint", || Err::<(), _>("npm ended with 1".to_owned()));
        assert_eq!(failed, Err("Failed at \"UI lint\": npm ended with 1".into()));
        let table = steps.table();
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[0].contains("npm packages") && !lines[0].contains("FAILED"), "{table}");
        assert!(lines[1].contains("UI lint") && lines[1].ends_with("FAILED"), "{table}");
        assert!(lines[2].contains("total"), "{table}");
    }
}
