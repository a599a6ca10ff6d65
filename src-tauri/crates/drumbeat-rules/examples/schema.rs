//! Prints the JSON Schema of the policy file.
fn main() {
    print!("{}", drumbeat_rules::policy::schema_text());
}
