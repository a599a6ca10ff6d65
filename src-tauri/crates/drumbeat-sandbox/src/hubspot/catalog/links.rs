//! Link types: the vendor's table, and making a pair of directions.
//!
//! Callers rely on: every direction knows its opposite, so that a link can always be kept on both sides.

use crate::hubspot::schema::LinkType;
use crate::hubspot::world::{KindIx, World};

const LINKS: &str = include_str!("links.txt");

/// Reads the table of link types: `from to id back-id label back-label plain`.
pub(crate) fn links(world: &mut World) {
    for line in LINKS.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [from, to, id, back, label, back_label, plain] = words[..] else { continue };
        let (Some(from), Some(to)) = (world.kind_ix(from), world.kind_ix(to)) else { continue };
        let (Ok(id), Ok(back)) = (id.parse(), back.parse()) else { continue };
        let text = |l: &str| (l != "-").then(|| l.replace('_', " "));
        let (one, two) = (world.kind(from).singular.clone(), world.kind(to).singular.clone());
        let suffix = match (label, plain) {
            ("-", "primary-exists") => "_unlabeled",
            _ => "",
        };
        let names = if label == "Parent_Company" {
            ("child_to_parent_company".to_owned(), "parent_to_child_company".to_owned())
        } else {
            (format!("{one}_to_{two}{suffix}"), format!("{two}_to_{one}{suffix}"))
        };
        link_pair(
            world,
            (from, to),
            (id, back),
            (text(label), text(back_label)),
            (&names.0, &names.1),
            false,
            label == "-",
        );
    }
}

/// Registers a link type and its opposite direction.
pub(crate) fn link_pair(
    world: &mut World,
    (from, to): (KindIx, KindIx),
    (id, back): (u32, u32),
    (label, back_label): (Option<String>, Option<String>),
    (name, back_name): (&str, &str),
    user_defined: bool,
    plain: bool,
) {
    world.link_types.push(LinkType { id, from, to, label, name: name.into(), user_defined, plain, inverse: back });
    if back != id {
        world.link_types.push(LinkType {
            id: back,
            from: to,
            to: from,
            label: back_label,
            name: back_name.into(),
            user_defined,
            plain,
            inverse: id,
        });
    }
}
