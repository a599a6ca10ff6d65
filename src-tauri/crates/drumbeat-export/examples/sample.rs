//! Writes both editions of an invented partner's pack into a folder, to be looked at.
//! `cargo run -p drumbeat-export --example sample -- DIR`

#[path = "../tests/common/mod.rs"]
mod common;

use drumbeat_export::{build_internal, file_name, save, write};
use drumbeat_model::pack::PackFormat;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args().nth(1).ok_or("which folder?")?;
    for pack in [common::partner_pack(common::full()), build_internal(&common::full())] {
        for &format in PackFormat::ALL {
            let path = save(&write(&pack, format)?, dir.as_ref(), &file_name(&pack, format, None))?;
            println!("{}", path.display());
        }
    }
    Ok(())
}
