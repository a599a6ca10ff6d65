//! Running another program: show what is run, and turn a bad end into one sentence.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

/// Run to the end with our own terminal; an error names the command and how it ended.
pub fn run(command: &mut Command) -> Result<(), String> {
    announce(command);
    let status = command.stdin(Stdio::null()).status().map_err(|why| not_started(command, &why))?;
    judge(command, status)
}

/// Run quietly and give what it wrote on standard output.
pub fn output(command: &mut Command) -> Result<String, String> {
    let answer =
        command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().map_err(|why| not_started(command, &why))?;
    judge(command, answer.status)?;
    String::from_utf8(answer.stdout).map_err(|_| format!("{} did not write text", words(command)))
}

/// Whether the program can be started and ends well; what it writes is thrown away.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Run like [`run`] and also keep the lines for which `worth_keeping` holds, as the runner wrote
/// them, so that they can be repeated at the end.
pub fn run_keeping(command: &mut Command, worth_keeping: fn(&str) -> bool) -> Result<Vec<String>, String> {
    announce(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|why| not_started(command, &why))?;
    let errors = child.stderr.take().map(|pipe| thread::spawn(move || relay(pipe, std::io::stderr(), worth_keeping)));
    let mut kept = child.stdout.take().map(|pipe| relay(pipe, std::io::stdout(), worth_keeping)).unwrap_or_default();
    if let Some(errors) = errors {
        kept.extend(errors.join().map_err(|_| "the reader of standard error failed".to_owned())?);
    }
    let status = child.wait().map_err(|why| format!("{}: {why}", words(command)))?;
    judge(command, status)?;
    Ok(kept)
}

fn relay(from: impl Read, mut to: impl Write, worth_keeping: fn(&str) -> bool) -> Vec<String> {
    let mut kept = Vec::new();
    for line in BufReader::new(from).split(b'\n') {
        let Ok(line) = line else { break };
        let line = String::from_utf8_lossy(&line);
        // A reader that went away (a closed pager) must not end the tests.
        let _ = writeln!(to, "{line}");
        let plain = without_colour(&line);
        if worth_keeping(&plain) {
            kept.push(plain);
        }
    }
    kept
}

/// The line without its terminal colour sequences.
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.find(|c: char| c.is_ascii_alphabetic()).map_or("", |end| &after[end + 1..]);
    }
    plain.push_str(rest);
    plain
}

fn announce(command: &Command) {
    println!("    {}", words(command));
}

/// The command as a person would type it, without the environment.
pub fn words(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            if word.contains(['\n', ' ']) {
                format!("'{}'", word.lines().next().unwrap_or_default())
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn judge(command: &Command, status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", words(command))) }
}

fn not_started(command: &Command, why: &std::io::Error) -> String {
    format!("{} could not be started: {why}", command.get_program().to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_not_part_of_a_kept_line() {
        for (line, plain) in [
            ("Summary 3 passed", "Summary 3 passed"),
            ("\u{1b}[32;1m     Summary\u{1b}[0m 3 passed", "     Summary 3 passed"),
            ("cut short \u{1b}[3", "cut short "),
        ] {
            assert_eq!(without_colour(line), plain);
        }
    }

    #[test]
    fn a_kept_line_comes_from_either_stream() {
        let mut both = Command::new("sh");
        both.args(["-c", "echo keep one; echo other; echo keep two >&2"]);
        assert_eq!(
            run_keeping(&mut both, |line| line.starts_with("keep")),
            Ok(vec!["keep one".into(), "keep two".into()])
        );
    }

    #[test]
    fn a_failure_names_the_command() {
        let mut failing = Command::new("sh");
        failing.args(["-c", "exit 3"]);
        assert_eq!(run(&mut failing), Err("sh -c 'exit 3' ended with exit status: 3".into()));
    }
}
