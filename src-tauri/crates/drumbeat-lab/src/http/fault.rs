//! The rows: what can be wrong with an answer, and what the client may make of it.
//!
//! The hard idea is what a row is allowed to end in. For a read it is a short list of message ids; the
//! empty one stands for "no error". For a write nothing is listed: whatever happened, the op must not be
//! called done when the CRM has nothing, nor be open to another try when the CRM has it.

use serde::Serialize;

use super::request::Request;

macro_rules! rows {
    ($($(#[$doc:meta])* $variant:ident $name:literal),* $(,)?) => {
        /// One thing that is wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Fault { $($(#[$doc])* #[serde(rename = $name)] $variant),* }

        impl Fault {
            /// All of them.
            pub const ALL: &[Fault] = &[$(Fault::$variant),*];

            /// Its name in reports and arguments.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Fault::$variant => $name),* }
            }
        }
    };
}

rows! {
    /// Nobody listens.
    Refused "refused",
    /// The host's name leads nowhere.
    NoName "dns-fail",
    /// A sign-in page of the Wi-Fi.
    Portal "captive-portal-200",
    /// A proxy wants a password.
    Proxy "proxy-407",
    /// A certificate of yesterday.
    TlsExpired "tls-expired",
    /// A certificate of nobody's.
    TlsSelfSigned "tls-self-signed",
    /// A certificate for somebody else.
    TlsOtherHost "tls-other-host",
    /// A server that speaks TLS 1.0.
    TlsOld "tls-1.0",
    /// A server that refuses every version of TLS that is safe.
    TlsVersion "tls-version-refused",
    /// A server that answers in clear.
    TlsNone "tls-none",
    /// Reset, and the CRM never saw the request.
    ResetUnseen "reset-before-it-arrives",
    /// Reset before the head; the CRM has done it.
    ResetBefore "reset-before-headers",
    /// Reset after the head.
    ResetAfter "reset-after-headers",
    /// Reset inside the body.
    ResetBody "reset-mid-body",
    /// The connection is never made.
    ConnectTimeout "timeout-connect",
    /// Not a byte comes.
    SilentHead "timeout-first-byte",
    /// The head comes and then nothing.
    SilentBody "timeout-idle",
    /// A byte now and then.
    SlowLoris "slow-loris",
    /// Chunks without an end.
    Endless "endless-chunked",
    /// A body of 1 GiB.
    Huge "huge-1-gib",
    /// Little that unpacks to much.
    GzipBomb "gzip-bomb",
    /// Half of the JSON, under its true length.
    Cut "truncated-json",
    /// 200 with nothing.
    Empty "empty-200",
    /// 204 where a body is expected.
    NoContent "no-content-204",
    /// The right JSON, called HTML.
    OtherType "wrong-content-type",
    /// Lists for texts and texts for lists.
    WrongTypes "wrong-types",
    /// Ids are null.
    NullIds "null-ids",
    /// The same key twice.
    Twice "duplicate-keys",
    /// Ten thousand brackets.
    Deep "depth-10k",
    /// Bytes that are no text.
    BadUtf8 "invalid-utf8",
    /// Zero bytes.
    Nul "nul",
    /// Numbers that fit nowhere.
    HugeNumbers "huge-numbers",
    /// Words that no list has.
    UnknownWords "unknown-enum",
    /// Fields that nobody knows.
    Extra "extra-fields",
    /// An object of another program's.
    OtherJson "somebody-elses-json",
    /// 207: every part failed.
    PartsAll "207-all",
    /// 207: one part failed.
    PartsSome "207-partial",
    /// 207: records that nobody asked for.
    PartsOther "207-unknown-ids",
    /// 400 in the vendor's form.
    S400 "400-validation",
    /// 401: the token has expired.
    S401 "401-expired",
    /// 401 in the middle.
    S401Middle "401-revoked-mid-page",
    /// 403 for the token.
    S403 "403-scope",
    /// 403 for the record.
    S403Record "403-record",
    /// 404.
    S404 "404",
    /// 409: the unique value is taken.
    S409 "409-unique",
    /// 412.
    S412 "412",
    /// 414.
    S414 "414",
    /// 423.
    S423 "423",
    /// 429 with a wait.
    Wait "429-retry-after",
    /// 429 without one.
    WaitUntold "429-without",
    /// 429, wait 0.
    WaitZero "429-zero",
    /// 429, wait -1.
    WaitMinus "429-minus-one",
    /// 429, wait until a date.
    WaitDate "429-date",
    /// 429, wait a billion seconds.
    WaitEver "429-1e9",
    /// 500.
    S500 "500",
    /// 502.
    S502 "502",
    /// 503 with a web page.
    S503 "503-maintenance",
    /// 504, and the CRM has done it.
    S504 "504-after-apply",
    /// 301 to a path of the same host.
    Moved "301-same-host",
    /// 307 to another host.
    MovedHost "307-other-host",
    /// 308 to another host, in clear.
    MovedClear "308-http-downgrade",
    /// The next page is this page.
    Loop "cursor-loop",
    /// The place to go on from is not known any more.
    Expired "cursor-expired",
    /// Rows come twice.
    Repeats "page-repeats",
    /// The total moves.
    Total "total-changes",
    /// The Date header is ten years ahead.
    DateAhead "date-ahead",
    /// The Date header is ten years behind.
    DateBehind "date-behind",
    /// The Date header is no date.
    DateWords "date-nonsense",
}

/// No error at all.
pub const FINE: &str = "";
const UNREACHABLE: &[&str] = &["crm.unreachable"];
const GARBLED: &[&str] = &["crm.garbled"];
const LIMIT: &[&str] = &["crm.limit"];

impl Fault {
    /// Only the connection can be struck, before any request: the client is asked directly.
    #[must_use]
    pub fn is_of_the_connection(self) -> bool {
        self == Fault::NoName
    }

    /// From one request on, whoever connects meets it, and no request leaves.
    #[must_use]
    pub fn is_at_the_door(self) -> bool {
        matches!(self, Fault::Refused | Fault::ConnectTimeout) || self.is_of_tls()
    }

    /// It needs a server that speaks TLS, or should.
    #[must_use]
    pub fn is_of_tls(self) -> bool {
        use Fault as F;
        matches!(self, F::TlsExpired | F::TlsSelfSigned | F::TlsOtherHost | F::TlsOld | F::TlsVersion | F::TlsNone)
    }

    /// What a person must be told of it, beyond the message id.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Fault::TlsExpired => "certificate has expired",
            Fault::TlsSelfSigned => "from nobody whom this computer trusts",
            Fault::TlsOtherHost => "certificate is another host's",
            Fault::TlsOld | Fault::TlsVersion => "TLS 1.2 or newer",
            Fault::TlsNone => "does not encrypt",
            Fault::ConnectTimeout => "no connection in time",
            _ => "",
        }
    }

    /// The CRM has the request, and only the answer is wrong.
    #[must_use]
    pub fn is_after_arrival(self) -> bool {
        use Fault as F;
        matches!(
            self,
            F::ResetBefore
                | F::ResetAfter
                | F::ResetBody
                | F::SilentHead
                | F::SilentBody
                | F::SlowLoris
                | F::Endless
                | F::Huge
                | F::GzipBomb
                | F::Cut
                | F::Empty
                | F::NoContent
                | F::OtherType
                | F::WrongTypes
                | F::NullIds
                | F::Twice
                | F::Deep
                | F::BadUtf8
                | F::Nul
                | F::HugeNumbers
                | F::UnknownWords
                | F::Extra
                | F::OtherJson
                | F::S504
                | F::Loop
                | F::Repeats
                | F::Total
                | F::DateAhead
                | F::DateBehind
                | F::DateWords
                | F::PartsSome
                | F::PartsOther
        )
    }

    /// The CRM says no in its own form, so that a person may have to act.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        use Fault as F;
        matches!(
            self,
            F::S400 | F::S401 | F::S401Middle | F::S403 | F::S403Record | F::S404 | F::S409 | F::S412 | F::S414
        )
    }

    /// The answers let nothing through while it lasts, so a short patience is enough to see it.
    #[must_use]
    pub fn is_silence(self) -> bool {
        matches!(self, Fault::SilentHead | Fault::SilentBody | Fault::SlowLoris)
    }

    /// Requests of its kind that pass before it strikes.
    #[must_use]
    pub fn skip(self) -> u32 {
        u32::from(matches!(self, Fault::S401Middle | Fault::Expired))
    }

    /// It is a bend of the body: an answer without one cannot have it.
    #[must_use]
    pub fn bends_the_body(self) -> bool {
        use Fault as F;
        matches!(
            self,
            F::Cut
                | F::NoContent
                | F::WrongTypes
                | F::NullIds
                | F::Twice
                | F::Deep
                | F::BadUtf8
                | F::Nul
                | F::HugeNumbers
                | F::UnknownWords
                | F::Extra
        )
    }

    /// The CRM asks to wait.
    #[must_use]
    pub fn is_wait(self) -> bool {
        use Fault as F;
        matches!(self, F::Wait | F::WaitUntold | F::WaitZero | F::WaitMinus | F::WaitDate | F::WaitEver)
    }

    /// Why no vendor has such a cell; none when one may.
    #[must_use]
    pub fn not_applicable(self, request: Request) -> Option<&'static str> {
        use Request as R;
        match self {
            _ if request == R::Refresh => {
                Some("a token that lasts is never refreshed; that no sync asks for it is a check of every cell")
            }
            Fault::S401Middle if !matches!(request, R::ListPage | R::SearchPage | R::ArchivedList | R::Describe) => {
                Some("one request is not many: 401-expired is the same there")
            }
            _ => None,
        }
    }

    /// The message ids that a sync may end with when this strikes a read of it; [`FINE`] for no error.
    #[must_use]
    pub fn ids(self, request: Request) -> &'static [&'static str] {
        use Fault as F;
        use Request as R;
        let token = request == R::Token;
        match self {
            F::Refused | F::NoName => UNREACHABLE,
            F::TlsExpired | F::TlsSelfSigned | F::TlsOtherHost | F::TlsOld | F::TlsVersion | F::TlsNone => UNREACHABLE,
            F::ResetUnseen | F::ResetBefore | F::ResetAfter | F::ResetBody | F::ConnectTimeout => UNREACHABLE,
            F::SilentHead | F::SilentBody | F::SlowLoris => UNREACHABLE,
            F::S500 | F::S502 | F::S503 | F::S504 | F::S423 => UNREACHABLE,
            F::Endless | F::Huge | F::GzipBomb => &["crm.too_large", "crm.unreachable"],
            F::Portal
            | F::Proxy
            | F::Cut
            | F::Empty
            | F::NoContent
            | F::Nul
            | F::Moved
            | F::MovedHost
            | F::MovedClear => GARBLED,
            // What is asked of a token is an extra: whatever else it is, it is not an answer.
            F::WrongTypes | F::NullIds | F::Twice | F::BadUtf8 | F::OtherJson | F::Deep if token => {
                &["crm.garbled", FINE]
            }
            // An answer without a record has no id either.
            F::NullIds if matches!(request, R::Describe | R::BatchRead | R::ArchivedList) => &["crm.garbled", FINE],
            F::WrongTypes | F::NullIds | F::BadUtf8 | F::OtherJson => GARBLED,
            F::Twice | F::Deep => &["crm.garbled", FINE],
            F::OtherType | F::HugeNumbers | F::UnknownWords | F::Extra | F::Repeats | F::Total => &[FINE],
            F::DateAhead | F::DateBehind | F::DateWords => &[FINE],
            F::PartsAll if token => &["crm.garbled", "crm.unreachable", FINE],
            F::PartsAll => &["crm.garbled", "crm.unreachable"],
            F::PartsSome => UNREACHABLE,
            F::PartsOther => &[FINE],
            F::S400 | F::S409 | F::S412 | F::S414 if token => &[FINE],
            F::S403 | F::S403Record | F::S404 if token => &[FINE],
            F::S400 | F::S409 | F::S412 | F::S414 => &["crm.refused"],
            F::Expired => &["crm.refused", FINE],
            F::S401 | F::S401Middle => &["crm.token"],
            F::S403 | F::S403Record => &["crm.scope"],
            F::S404 => &["crm.missing"],
            F::Wait | F::WaitUntold | F::WaitZero | F::WaitMinus | F::WaitDate | F::WaitEver => LIMIT,
            F::Loop => GARBLED,
        }
    }
}
