//! What the changes begin with: small files of each kind that are read, and the words of their formats.

use drumbeat_rules::Policy;

pub const CSV_WORDS: &[&str] = &[
    "\"",
    "\"\"",
    "\"\n",
    ",",
    ";",
    "\t",
    "|",
    "\r\n",
    "sep=;\n",
    "Company",
    "Betrag",
    "Close date",
    "Consent",
    "E-Mail",
    "'=",
    "=1+1",
    "\u{FEFF}",
    "1.234,50 €",
    "12,500",
    "$5",
    "03/04/2026",
    "2026-11-21T10:00:00Z",
    "31.12.2026",
    "99999999999999999999",
    "-",
    "k.A.",
    "ja",
    "\u{202E}",
    "ü",
    "日本",
    "1e9",
    "0.0000001",
];

pub const EML_WORDS: &[&str] = &[
    "\r\n\r\n",
    "--b\r\n",
    "--b--\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Type: text/html\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "charset=utf-7",
    "charset=\"iso-2022-jp\"",
    "=?utf-8?b?//8=?=",
    "=?utf-8?q?=ZZ?=",
    "boundary*0=\"b",
    "Company: ",
    "Firma:\n",
    "<td>",
    "</td>",
    "<table>",
    "<!--",
    "&#x110000;",
    "&amp",
    "<script>",
    "> ",
    "-- \n",
    "-----Original Message-----\n",
    "---------- Forwarded message ---------\n",
    "From: a@b.c\r\n",
    "Date: Fri, 99 Nov 2026 99:99:99 +9999\r\n",
    "Amount: 5 EUR\n",
    "=\r\n",
    "Am 1. Nov schrieb X:\n",
];

pub const POLICY_WORDS: &[&str] = &[
    "[",
    "]",
    "[[",
    "]]",
    "= ",
    "\"\"\"",
    "'''",
    "{",
    "}",
    "version = 1\n",
    "[clocks]\n",
    "decision_hours = 0\n",
    "99999999999999999999",
    "-1",
    "1979-05-27",
    "[territories]\n",
    "A = [\"A\"]\n",
    "\\u0000",
    "\\UFFFFFFFF",
    "# ",
    "\n",
    "nan",
    "inf",
    "true",
    "{company}",
    ".",
];

pub fn csv() -> Vec<Vec<u8>> {
    let texts = [
        "Company,Domain,Contact,Email,Need,Consent,Partner,Amount,Close date\nHansa,hansa.de,A B,a@hansa.de,\"one\ntwo\",yes,P,\"1,200.50 EUR\",2027-01-31\n",
        "Endkunde;Domäne;E-Mail;Betrag;Abschluss\nKühlkette GmbH;k.de;j@k.de;1.234,50 €;31.12.2026\nNord;;x;12.500;03/04/2026\n",
        "sep=;\nCompany;City\n\"A \"\"B\"\"\";Bonn\n",
        "Hansa\tjana@hansa.de\t120000\nNord\tx@nord.de\t5\n",
        "Company|First name|Last name\nA|B|C\n\n|||\nD\n",
    ];
    let wide = texts[1].encode_utf16().flat_map(u16::to_le_bytes);
    let marked: Vec<u8> = b"\xFF\xFE".iter().copied().chain(wide).collect();
    let latin: Vec<u8> = texts[1].chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    texts.iter().map(|text| text.as_bytes().to_vec()).chain([marked, latin]).collect()
}

pub fn eml() -> Vec<Vec<u8>> {
    let head = "From: =?utf-8?q?Jana_M=C3=BCller?= <jana@partner.example>\r\nSubject: Registration\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n";
    [
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCompany: Hansa K=C3=BChlkette\r\nE-mail: tom@hansa.de\r\nNeed: one\r\ntwo\r\n\r\nBest regards\r\nJana\r\n",
        "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--b\r\nContent-Type: text/html\r\n\r\n<table><tr><td>Company</td><td>Hansa &amp; Co</td></tr></table>\r\n--b--\r\n",
        "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\r\nfyi\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: p@other.example\r\nSubject: y\r\n\r\nCompany: Nord\r\n--b\r\nContent-Type: text/csv; name=x.csv\r\nContent-Transfer-Encoding: base64\r\n\r\nQSxCCjEsMgo=\r\n--b--\r\n",
        "\r\nfyi\r\n\r\n---------- Forwarded message ---------\r\nFrom: x@y.example\r\n\r\nCompany: Hansa\r\nAmount: 120k EUR\r\nClose date: 31.12.2026\r\n",
    ]
    .iter()
    .map(|rest| format!("{head}{rest}").into_bytes())
    .collect()
}

pub fn policy() -> Vec<Vec<u8>> {
    let whole = Policy::built_in_text();
    // Small pieces are changed more thoroughly than the whole.
    let pieces = whole.split("\n[").map(|piece| format!("[{piece}").into_bytes());
    std::iter::once(whole.as_bytes().to_vec()).chain(pieces).collect()
}
