//! Prints the window's TypeScript client.
fn main() {
    print!("{}", drumbeat_app::typescript::client());
}
