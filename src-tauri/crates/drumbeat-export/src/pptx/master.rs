//! The look of the deck: theme, one master, four layouts, and the master of the notes.
//!
//! Colours and fonts are named here once, in the theme; everything else asks for them by their place
//! in it (`tx1`, `accent1`, `+mj-lt`), so that another theme restyles the deck. The typeface is one
//! that every office suite has or has a twin of with the same widths.

use super::shape::{BODY, Frame, MARGIN, PT, SLIDE, WIDTH, esc, solid, transform};
use crate::brand::Brand;

const NAMES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const TREE: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>";

/// Colours in the theme's order: text, paper, second text, hairlines, six accents, links.
const COLOURS: [(&str, &str); 12] = [
    ("dk1", "1D1B18"),
    ("lt1", "FFFFFF"),
    ("dk2", "6B665F"),
    ("lt2", "E8E5E0"),
    ("accent1", "2F56C6"),
    ("accent2", "7590DE"),
    ("accent3", "5FA27C"),
    ("accent4", "855000"),
    ("accent5", "D5857C"),
    ("accent6", "C6C2BA"),
    ("hlink", "2F56C6"),
    ("folHlink", "56514B"),
];
const FONT: &str = "Arial";

/// The theme's part.
pub(super) fn theme(brand: &Brand) -> String {
    let own = |name: &str, value: &'static str| match name {
        "accent1" | "hlink" => brand.accent().to_owned(),
        "accent2" => brand.second().to_owned(),
        _ => value.to_owned(),
    };
    let colours: String = COLOURS
        .iter()
        .map(|(name, value)| (name, own(name, value)))
        .map(|(name, value)| format!("<a:{name}><a:srgbClr val=\"{value}\"/></a:{name}>"))
        .collect();
    let font = format!(
        "<a:latin typeface=\"{}\"/><a:ea typeface=\"\"/><a:cs typeface=\"\"/>",
        esc(brand.font().unwrap_or(FONT))
    );
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let line = |w: u32| format!("<a:ln w=\"{w}\">{fill}<a:prstDash val=\"solid\"/></a:ln>");
    let none = "<a:effectStyle><a:effectLst/></a:effectStyle>";
    format!(
        "{XML}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"Drumbeat\"><a:themeElements><a:clrScheme name=\"Drumbeat\">{colours}</a:clrScheme><a:fontScheme name=\"Drumbeat\"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme><a:fmtScheme name=\"Plain\"><a:fillStyleLst>{fill}{fill}{fill}</a:fillStyleLst><a:lnStyleLst>{}{}{}</a:lnStyleLst><a:effectStyleLst>{none}{none}{none}</a:effectStyleLst><a:bgFillStyleLst>{fill}{fill}{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>",
        line(9525),
        line(12_700),
        line(19_050)
    )
}

/// A placeholder of a master or layout: what it is, where, how its text looks.
struct Place {
    name: &'static str,
    kind: &'static str,
    at: Frame,
    /// Hundredths of a point.
    size: u32,
    bold: bool,
    paint: &'static str,
    /// `t`, `ctr`, `b`.
    anchor: &'static str,
    /// `l`, `r`.
    align: &'static str,
    prompt: &'static str,
}

fn place(name: &'static str, kind: &'static str, at: Frame, size: u32, prompt: &'static str) -> Place {
    Place { name, kind, at, size, bold: false, paint: "tx1", anchor: "t", align: "l", prompt }
}

fn shape(id: usize, x: &Place) -> String {
    let spaces = "<a:lnSpc><a:spcPct val=\"100000\"/></a:lnSpc><a:spcBef><a:spcPts val=\"0\"/></a:spcBef><a:buNone/>";
    let style = |level: u32| {
        format!(
            "<a:lvl{level}pPr marL=\"0\" indent=\"0\" algn=\"{}\">{spaces}<a:defRPr sz=\"{}\" b=\"{}\">{}<a:latin typeface=\"{}\"/></a:defRPr></a:lvl{level}pPr>",
            x.align,
            x.size,
            u8::from(x.bold),
            solid(x.paint),
            if x.kind.contains("itle\"") { "+mj-lt" } else { "+mn-lt" }
        )
    };
    let prompt = match x.kind.contains("sldNum") {
        true => "<a:fld id=\"{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}\" type=\"slidenum\"><a:rPr lang=\"en-GB\"/><a:t>\u{2039}#\u{203a}</a:t></a:fld>".to_owned(),
        false if x.prompt.is_empty() => "<a:endParaRPr lang=\"en-GB\"/>".to_owned(),
        false => format!("<a:r><a:rPr lang=\"en-GB\"/><a:t>{}</a:t></a:r>", x.prompt),
    };
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph {}/></p:nvPr></p:nvSpPr><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr vert=\"horz\" wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"{}\"><a:normAutofit/></a:bodyPr><a:lstStyle>{}</a:lstStyle><a:p>{prompt}</a:p></p:txBody></p:sp>",
        x.name,
        x.kind,
        transform(x.at),
        x.anchor,
        style(1)
    )
}

fn feet() -> Vec<Place> {
    let y = 504 * PT;
    let quiet = |x: Place| Place { paint: "tx2", anchor: "ctr", ..x };
    vec![
        quiet(place("Date", "type=\"dt\" sz=\"half\" idx=\"2\"", (MARGIN + 372 * PT, y, 400 * PT, 18 * PT), 1000, "")),
        quiet(place("Footer", "type=\"ftr\" sz=\"quarter\" idx=\"3\"", (MARGIN, y, 360 * PT, 18 * PT), 1000, "")),
        Place {
            align: "r",
            ..quiet(place(
                "Slide number",
                "type=\"sldNum\" sz=\"quarter\" idx=\"4\"",
                (SLIDE.0 - MARGIN - 60 * PT, y, 60 * PT, 18 * PT),
                1000,
                "",
            ))
        },
    ]
}

fn heads() -> Vec<Place> {
    vec![
        Place {
            bold: true,
            anchor: "b",
            ..place("Title", "type=\"title\"", (MARGIN, 52 * PT, WIDTH, 50 * PT), 2600, "The finding with its number")
        },
        Place {
            paint: "tx2",
            ..place(
                "About",
                "type=\"body\" idx=\"10\" sz=\"quarter\"",
                (MARGIN, 106 * PT, WIDTH, 22 * PT),
                1400,
                "What is counted",
            )
        },
        Place {
            paint: "tx2",
            ..place(
                "Partner and quarter",
                "type=\"body\" idx=\"12\" sz=\"quarter\"",
                (MARGIN, 34 * PT, WIDTH, 16 * PT),
                1200,
                "Partner and quarter",
            )
        },
    ]
}

fn layout(name: &str, kind: &str, places: &[Place]) -> String {
    drawn(name, kind, places, "")
}

fn drawn(name: &str, kind: &str, places: &[Place], picture: &str) -> String {
    let shapes: String = places.iter().chain(&feet()).enumerate().map(|(i, x)| shape(i + 2, x)).collect();
    format!(
        "{XML}<p:sldLayout {NAMES} {kind}preserve=\"1\"><p:cSld name=\"{name}\"><p:spTree>{TREE}{picture}{shapes}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )
}

/// The layouts' parts: cover, a finding, a finding with figures, lists.
///
/// The logo, where there is one, is the second relationship of the cover's layout.
pub(super) fn layouts(brand: &Brand) -> Vec<String> {
    // At the right of the top, as wide as it is at that height, and no wider than a quarter of the slide.
    let logo = brand.logo_size().map_or_else(String::new, |(width, height)| {
        let (width, height) = (i64::from(width), i64::from(height));
        let wide = (36 * PT * width / height.max(1)).clamp(1, 240 * PT);
        let high = (wide * height / width.max(1)).max(1);
        format!(
            "<p:pic><p:nvPicPr><p:cNvPr id=\"90\" name=\"Logo\" descr=\"Logo\"/><p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr userDrawn=\"1\"/></p:nvPicPr><p:blipFill><a:blip r:embed=\"rId2\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>",
            transform((SLIDE.0 - MARGIN - wide, 42 * PT, wide, high))
        )
    });
    let figures = |top: i64| -> Vec<Place> {
        let kinds = ["21", "22", "23", "24"].iter().zip(0..);
        let kind = |i: &str| match i {
            "21" => "type=\"body\" idx=\"21\" sz=\"quarter\"",
            "22" => "type=\"body\" idx=\"22\" sz=\"quarter\"",
            "23" => "type=\"body\" idx=\"23\" sz=\"quarter\"",
            _ => "type=\"body\" idx=\"24\" sz=\"quarter\"",
        };
        kinds
            .map(|(idx, i)| {
                let at = (MARGIN + i * WIDTH / 4, top, WIDTH / 4 - 12 * PT, 62 * PT);
                Place { paint: "tx2", ..place("Figure", kind(idx), at, 1400, "Figure") }
            })
            .collect()
    };
    let cover = vec![
        Place {
            bold: true,
            anchor: "b",
            ..place("Title", "type=\"ctrTitle\"", (MARGIN, 160 * PT, WIDTH, 88 * PT), 5000, "Partner")
        },
        Place {
            paint: "tx2",
            ..place(
                "Line",
                "type=\"subTitle\" idx=\"1\"",
                (MARGIN, 260 * PT, WIDTH, 24 * PT),
                1500,
                "Tier, edition, who made it",
            )
        },
        Place {
            paint: "accent1",
            ..place(
                "What",
                "type=\"body\" idx=\"12\" sz=\"quarter\"",
                (MARGIN, 138 * PT, WIDTH, 24 * PT),
                1700,
                "Quarterly business review",
            )
        },
        Place {
            bold: true,
            ..place(
                "Vendor",
                "type=\"body\" idx=\"13\" sz=\"quarter\"",
                (MARGIN, 48 * PT, 600 * PT, 24 * PT),
                1400,
                "Vendor",
            )
        },
    ];
    let content =
        |top: i64, height: i64| place("Content", "idx=\"11\"", (MARGIN, top, WIDTH, height), 1400, "Table or chart");
    let with = |more: Vec<Place>| heads().into_iter().chain(more).collect::<Vec<_>>();
    let column = (WIDTH - 72 * PT) / 3;
    let list =
        |i: i64, kind| place("List", kind, (MARGIN + i * (column + 36 * PT), BODY.0, column, BODY.1), 1600, "Points");
    vec![
        drawn("Cover", "type=\"title\" ", &cover.into_iter().chain(figures(396 * PT)).collect::<Vec<_>>(), &logo),
        layout("Finding", "type=\"obj\" ", &with(vec![content(BODY.0, BODY.1)])),
        layout(
            "Finding with figures",
            "",
            &with(figures(140 * PT).into_iter().chain([content(BODY.0 + 78 * PT, BODY.1 - 78 * PT)]).collect()),
        ),
        layout(
            "Lists",
            "",
            &with(vec![
                list(0, "type=\"body\" idx=\"21\" sz=\"quarter\""),
                list(1, "type=\"body\" idx=\"22\" sz=\"quarter\""),
                list(2, "type=\"body\" idx=\"23\" sz=\"quarter\""),
            ]),
        ),
    ]
}

/// The master's part; its layouts are its first relationships.
pub(super) fn master(layouts: usize) -> String {
    let mut places = vec![
        Place {
            bold: true,
            anchor: "b",
            ..place("Title", "type=\"title\"", (MARGIN, 52 * PT, WIDTH, 50 * PT), 2600, "The finding with its number")
        },
        place("Text", "type=\"body\" idx=\"1\"", (MARGIN, BODY.0, WIDTH, BODY.1), 1600, "Text"),
    ];
    places.extend(feet());
    let shapes: String = places.iter().enumerate().map(|(i, x)| shape(i + 2, x)).collect();
    let ids: String = (1..=layouts)
        .map(|i| format!("<p:sldLayoutId id=\"{}\" r:id=\"rId{i}\"/>", 2_147_483_648u64 + i as u64))
        .collect();
    let level = |size: u32, font: &str, bold: u8| {
        format!(
            "<a:lvl1pPr marL=\"0\" indent=\"0\" algn=\"l\" defTabSz=\"914400\"><a:lnSpc><a:spcPct val=\"100000\"/></a:lnSpc><a:spcBef><a:spcPts val=\"0\"/></a:spcBef><a:buNone/><a:defRPr sz=\"{size}\" b=\"{bold}\" kern=\"1200\">{}<a:latin typeface=\"{font}\"/><a:ea typeface=\"{}\"/><a:cs typeface=\"{}\"/></a:defRPr></a:lvl1pPr>",
            solid("tx1"),
            font.replace("lt", "ea"),
            font.replace("lt", "cs")
        )
    };
    format!(
        "{XML}<p:sldMaster {NAMES}><p:cSld><p:bg><p:bgPr>{}<a:effectLst/></p:bgPr></p:bg><p:spTree>{TREE}{shapes}</p:spTree></p:cSld><p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/><p:sldLayoutIdLst>{ids}</p:sldLayoutIdLst><p:txStyles><p:titleStyle>{}</p:titleStyle><p:bodyStyle>{}</p:bodyStyle><p:otherStyle>{}</p:otherStyle></p:txStyles></p:sldMaster>",
        solid("bg1"),
        level(2600, "+mj-lt", 1),
        level(1600, "+mn-lt", 0),
        level(1400, "+mn-lt", 0)
    )
}

/// The master of the notes pages.
pub(super) fn notes_master() -> String {
    let image = format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide image\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\" idx=\"2\"/></p:nvPr></p:nvSpPr><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/><a:ln w=\"12700\">{}</a:ln></p:spPr></p:sp>",
        transform((54 * PT, 54 * PT, 432 * PT, 243 * PT)),
        solid("bg2")
    );
    let text = shape(
        3,
        &place(
            "Notes",
            "type=\"body\" sz=\"quarter\" idx=\"1\"",
            (54 * PT, 320 * PT, 432 * PT, 340 * PT),
            1200,
            "Definitions",
        ),
    );
    format!(
        "{XML}<p:notesMaster {NAMES}><p:cSld><p:bg><p:bgPr>{}<a:effectLst/></p:bgPr></p:bg><p:spTree>{TREE}{image}{text}</p:spTree></p:cSld><p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/></p:notesMaster>",
        solid("bg1")
    )
}
