//! Who needs a certificate (T-03).

use drumbeat_model::deal::Motion;
use drumbeat_model::registration::RegistrationKind;

parts! {
    /// Who needs a certificate (T-03).
    CertificationRules {
        /// In these motions.
        motions: Vec<Motion>,
        /// For these kinds of registration.
        kinds: Vec<RegistrationKind>,
        /// Kinds of certificates that count; empty means any.
        certificates: Vec<String>,
        /// Status texts that count as valid.
        valid_status: Vec<String>,
        /// Where other certificates are needed than elsewhere; the first that fits a claim counts.
        gates: Vec<CertificateGate>,
    }

    /// Certificates for some motions and kinds (CERT-01).
    CertificateGate {
        /// In these motions.
        motions: Vec<Motion>,
        /// For these kinds of registration.
        kinds: Vec<RegistrationKind>,
        /// Kinds of certificates that count; empty means any.
        certificates: Vec<String>,
        /// Only of this level; any when absent.
        level: Option<String>,
    }
}
