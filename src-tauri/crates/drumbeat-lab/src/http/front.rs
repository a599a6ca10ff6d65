//! The door with TLS before the proxy: a good certificate, until it is told to show a bad one.
//!
//! The certificates are made when it starts, under an authority of its own that the client is told to
//! believe besides the computer's; everything else about the client's judgement is the real one. What
//! comes over a good connection goes on to the proxy in clear. Old TLS is bytes: a ServerHello of TLS 1.0,
//! or the alert of a server that wants no other. It counts whom it struck, and whether anybody talked to
//! it all the same.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::fault::Fault;

/// The only host that a good certificate is for.
const HOST: &str = "127.0.0.1";
/// A client that is refused has gone away by then.
const LINGER: Duration = Duration::from_secs(5);
/// Application data: the type of a TLS record that only a client that trusts would send.
const DATA: u8 = 0x17;

/// What a client makes of a certificate.
pub struct Certificates {
    /// The authority that vouches for the good one, the old one and the other host's.
    pub root: Vec<u8>,
    good: TlsAcceptor,
    expired: TlsAcceptor,
    other_host: TlsAcceptor,
    self_signed: TlsAcceptor,
}

fn text(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

impl Certificates {
    /// New ones.
    pub fn make() -> io::Result<Self> {
        let mut authority = CertificateParams::new(Vec::new()).map_err(text)?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.distinguished_name.push(DnType::CommonName, "An authority of the lab's");
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().map_err(text)?).map_err(text)?;
        let of = |host: &str| CertificateParams::new(vec![host.to_owned()]).map_err(text);
        let vouched = |params: CertificateParams| {
            let key = KeyPair::generate().map_err(text)?;
            acceptor(&params.signed_by(&key, &authority).map_err(text)?, &key)
        };
        let mut old = of(HOST)?;
        (old.not_before, old.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
        let own = KeyPair::generate().map_err(text)?;
        Ok(Self {
            good: vouched(of(HOST)?)?,
            expired: vouched(old)?,
            other_host: vouched(of("somebody.example")?)?,
            self_signed: acceptor(&of(HOST)?.self_signed(&own).map_err(text)?, &own)?,
            root: authority.der().to_vec(),
        })
    }

    fn bad(&self, fault: Fault) -> Option<&TlsAcceptor> {
        match fault {
            Fault::TlsExpired => Some(&self.expired),
            Fault::TlsSelfSigned => Some(&self.self_signed),
            Fault::TlsOtherHost => Some(&self.other_host),
            _ => None,
        }
    }
}

fn acceptor(certificate: &rcgen::Certificate, key: &KeyPair) -> io::Result<TlsAcceptor> {
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(text)?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(text)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .map_err(text)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// What happens on a connection that is to be refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Met {
    /// A client has come.
    Came,
    /// It went away without a word.
    Refused,
    /// It talked.
    Trusted,
}

/// Lets whoever comes through to `plain`, or shows them what is wrong for as long as `wrong` names it.
pub async fn stand(
    listener: TcpListener,
    plain: SocketAddr,
    certificates: Arc<Certificates>,
    wrong: impl Fn() -> Option<Fault>,
    met: impl Fn(Met) + Clone + Send + 'static,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (certificates, fault, met) = (Arc::clone(&certificates), wrong(), met.clone());
        tokio::spawn(async move {
            match fault {
                // How a connection ends is for the client to tell.
                None => drop(pass(&certificates.good, stream, plain).await),
                Some(fault) => {
                    met(Met::Came);
                    let how = refuse(&certificates, fault, stream).await;
                    met(how);
                }
            }
        });
    }
}

async fn pass(good: &TlsAcceptor, stream: TcpStream, plain: SocketAddr) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut client = good.accept(stream).await?;
    let mut proxy = TcpStream::connect(plain).await?;
    proxy.set_nodelay(true)?;
    tokio::io::copy_bidirectional(&mut client, &mut proxy).await?;
    Ok(())
}

async fn refuse(certificates: &Certificates, fault: Fault, mut stream: TcpStream) -> Met {
    if let Some(bad) = certificates.bad(fault) {
        return if bad.accept(stream).await.is_ok() { Met::Trusted } else { Met::Refused };
    }
    let mut said = Vec::new();
    let talk = async {
        let mut hello = [0; 4096];
        let _ = stream.read(&mut hello).await?;
        stream.write_all(&old(fault)).await?;
        stream.read_to_end(&mut said).await
    };
    // A reset is a refusal as well.
    let _ = tokio::time::timeout(LINGER, talk).await;
    if has_data(&said) { Met::Trusted } else { Met::Refused }
}

/// What a server without any TLS that is safe says to a ClientHello.
fn old(fault: Fault) -> Vec<u8> {
    match fault {
        Fault::TlsOld => {
            // ServerHello: TLS 1.0, no session, RSA with AES-128-CBC and SHA-1, no compression.
            let mut hello = vec![0x03, 0x01];
            hello.extend([7; 32]);
            hello.extend([0x00, 0x00, 0x2f, 0x00]);
            let mut bytes = vec![0x16, 0x03, 0x01, 0x00, 0x2a, 0x02, 0x00, 0x00, 0x26];
            bytes.extend(hello);
            bytes
        }
        // The alert protocol_version.
        Fault::TlsVersion => vec![0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46],
        _ => b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".to_vec(),
    }
}

/// Whether these records, or what is none, hold anything that is meant for the server's eyes.
fn has_data(mut bytes: &[u8]) -> bool {
    while let [kind, _, _, high, low, rest @ ..] = bytes {
        if *kind == DATA || !(0x14..=0x18).contains(kind) {
            return true;
        }
        bytes = rest.get(usize::from(u16::from_be_bytes([*high, *low]))..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use drumbeat_model::crm::Vendor;

    use super::super::bench::{Line, client};
    use super::super::door;
    use super::*;

    #[tokio::test]
    async fn the_good_certificate_is_believed_by_who_was_told_of_its_authority_and_by_nobody_else() {
        let listener = TcpListener::bind((HOST, 0)).await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        // Nobody is behind it: who gets through finds the connection cut.
        let nobody = TcpListener::bind((HOST, 0)).await.unwrap().local_addr().unwrap();
        let certificates = Arc::new(Certificates::make().unwrap());
        let root = certificates.root.clone();
        let front = tokio::spawn(stand(listener, nobody, certificates, || None, |_| {}));
        for vendor in [Vendor::Hubspot, Vendor::Salesforce] {
            let of = |root| client(door::of(vendor), &url, "token", Line::Usual, root).unwrap();
            let told = of(Some(&root)).describe().await.unwrap_err().to_string();
            assert!(!told.contains("certificate"), "{told}");
            let untold = of(None).describe().await.unwrap_err().to_string();
            assert!(untold.contains("from nobody whom this computer trusts"), "{untold}");
        }
        front.abort();
    }

    #[test]
    fn only_a_client_that_trusts_sends_data() {
        let cases: &[(&[u8], bool)] = &[
            (b"", false),
            (&[0x15, 3, 3, 0, 2, 2, 70], false),
            (&[0x15, 3, 3, 0, 2, 2, 70, 0x17, 3, 3, 0, 1, 9], true),
            (b"GET / HTTP/1.1", true),
        ];
        for (bytes, data) in cases {
            assert_eq!(has_data(bytes), *data, "{bytes:?}");
        }
    }
}
