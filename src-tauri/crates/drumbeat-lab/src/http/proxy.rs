//! What stands between the client and the CRM: passes requests on, until one of the armed kind comes.
//!
//! It is a real server on a port of its own, so that resets, silences and bombs are real bytes. What it
//! passed and struck is counted. Rows in which nobody listens, or nobody answers the knock, close the
//! door before the answer to the request before is out, so that the one that is meant finds it closed.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::door::Door;
use super::fault::Fault;
use super::front::{Certificates, Met, stand};
use super::lie::{Scene, tell};
use super::request::Request;
use super::wire::{self, Message};

/// Reading what a client still has to say after a reply that ends the connection.
const LINGER: Duration = Duration::from_millis(200);
/// A connection on this computer that is not made by then is never made.
const KNOCK: Duration = Duration::from_millis(50);
/// The door moves at once.
const STUCK: Duration = Duration::from_secs(2);

#[derive(Default)]
struct State {
    armed: Option<(Fault, Request)>,
    skip: u32,
    struck: u32,
    passed: u32,
    first: BTreeMap<Request, u32>,
    /// The door closes once so many requests were passed.
    closes_after: Option<u32>,
    /// Merged records do not name those that they were made of.
    forgets_merges: bool,
    trapped: u32,
    trusted: u32,
}

struct Shared {
    state: Mutex<State>,
    moved: Notify,
    /// Whether the door is closed now.
    shut: watch::Sender<bool>,
    /// Connections with something wrong that have not ended.
    talks: watch::Sender<u32>,
    crm: SocketAddr,
    token: String,
    trap: String,
    door: &'static dyn Door,
}

/// A running proxy; it ends when it is dropped.
pub struct Proxy {
    shared: Arc<Shared>,
    address: SocketAddr,
    front: SocketAddr,
    certificates: Arc<Certificates>,
    tasks: Vec<JoinHandle<()>>,
}

/// What passed since it was last asked.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Requests that were struck.
    pub struck: u32,
    /// Requests that were passed on.
    pub passed: u32,
    /// The place of the first request of each kind.
    pub first: BTreeMap<Request, u32>,
    /// Connections to the host that nobody may turn to.
    pub trapped: u32,
    /// Connections on which a client talked to a server that it must not trust.
    pub trusted: u32,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The row that whoever connects now meets.
    fn at_the_door(&self) -> Option<Fault> {
        let state = self.state();
        let (fault, _) = state.armed?;
        state.closes_after.is_some_and(|after| state.passed >= after).then_some(fault)
    }

    /// Nobody is let in.
    fn is_closed(&self) -> Option<Fault> {
        self.at_the_door().filter(|fault| !fault.is_of_tls())
    }

    /// Waits until the door is shut, or open; a door that is stuck is found by the cell.
    async fn is_shut(&self, shut: bool) {
        let mut now = self.shut.subscribe();
        let _ = tokio::time::timeout(STUCK, now.wait_for(|now| *now == shut)).await;
    }

    /// Counts a request; the row that strikes it, if one does.
    fn note(&self, kind: Option<Request>) -> Option<Fault> {
        let mut state = self.state();
        if let Some((fault, armed)) = state.armed
            && Some(armed) == kind
            && !fault.is_at_the_door()
        {
            if state.skip == 0 {
                state.struck += 1;
                return Some(fault);
            }
            state.skip -= 1;
        }
        let place = state.passed;
        state.passed += 1;
        if let Some(kind) = kind {
            state.first.entry(kind).or_insert(place);
        }
        None
    }
}

impl Proxy {
    /// Stands before a CRM.
    pub async fn start(crm: SocketAddr, token: &str, door: &'static dyn Door) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let trap = TcpListener::bind(("127.0.0.1", 0)).await?;
        let secure = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (front, certificates) = (secure.local_addr()?, Arc::new(Certificates::make()?));
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            moved: Notify::new(),
            shut: watch::Sender::new(false),
            talks: watch::Sender::new(0),
            crm,
            token: token.to_owned(),
            trap: format!("http://{}", trap.local_addr()?),
            door,
        });
        let sprung = Arc::clone(&shared);
        let (asked, told) = (Arc::clone(&shared), Arc::clone(&shared));
        let met = move |met: Met| match met {
            Met::Came => {
                told.state().struck += 1;
                told.talks.send_modify(|talks| *talks += 1);
            }
            Met::Refused | Met::Trusted => {
                told.state().trusted += u32::from(met == Met::Trusted);
                told.talks.send_modify(|talks| *talks -= 1);
            }
        };
        let tasks = vec![
            tokio::spawn(let_in(Arc::clone(&shared), listener, address)),
            tokio::spawn(stand(secure, address, Arc::clone(&certificates), move || asked.at_the_door(), met)),
            tokio::spawn(async move {
                while trap.accept().await.is_ok() {
                    sprung.state().trapped += 1
                }
            }),
        ];
        Ok(Self { shared, address, front, certificates, tasks })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its address for who speaks TLS.
    pub fn secure_url(&self) -> String {
        format!("https://{}", self.front)
    }

    /// Who vouches for it there.
    pub fn root(&self) -> &[u8] {
        &self.certificates.root
    }

    /// From now on requests of this kind are struck. `place` says when the first one comes, for rows
    /// in which nobody listens.
    pub async fn arm(&self, fault: Fault, request: Request, place: u32) {
        {
            let mut state = self.shared.state();
            state.armed = Some((fault, request));
            state.skip = fault.skip();
            state.closes_after = fault.is_at_the_door().then_some(place);
        }
        self.shared.moved.notify_waiters();
        if self.shared.is_closed().is_some() {
            self.shared.is_shut(true).await;
        }
    }

    /// Nothing is struck any more.
    pub async fn disarm(&self) {
        {
            let mut state = self.shared.state();
            (state.armed, state.closes_after) = (None, None);
        }
        self.shared.moved.notify_waiters();
        // The door opens by itself; who knocks too early would find it closed.
        self.shared.is_shut(false).await;
        let mut talks = self.shared.talks.subscribe();
        let _ = tokio::time::timeout(STUCK, talks.wait_for(|talks| *talks == 0)).await;
    }

    /// Whether merged records name those that they were made of.
    pub fn forget_merges(&self, forget: bool) {
        self.shared.state().forgets_merges = forget;
    }

    /// What passed since this was last asked.
    pub fn counts(&self) -> Counts {
        let mut state = self.shared.state();
        Counts {
            struck: std::mem::take(&mut state.struck),
            passed: std::mem::take(&mut state.passed),
            first: std::mem::take(&mut state.first),
            trapped: std::mem::take(&mut state.trapped),
            trusted: std::mem::take(&mut state.trusted),
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn let_in(shared: Arc<Shared>, first: TcpListener, address: SocketAddr) {
    let mut listener = Some(first);
    loop {
        let moved = shared.moved.notified();
        tokio::pin!(moved);
        moved.as_mut().enable();
        if let Some(fault) = shared.is_closed() {
            drop(listener.take());
            let wall = match fault {
                Fault::ConnectTimeout => wall(address).await.ok(),
                _ => None,
            };
            shared.shut.send_replace(true);
            moved.await;
            drop(wall);
            continue;
        }
        let open = match listener.take() {
            Some(open) => open,
            None => match TcpListener::bind(address).await {
                Ok(open) => open,
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    continue;
                }
            },
        };
        shared.shut.send_replace(false);
        tokio::select! {
            accepted = open.accept() => {
                if let Ok((stream, _)) = accepted {
                    let shared = Arc::clone(&shared);
                    // How a connection ends is for the client to tell.
                    tokio::spawn(async move { let _ = serve(&shared, stream).await; });
                }
            }
            () = &mut moved => {}
        }
        listener = Some(open);
    }
}

/// Somebody listens who never accepts, and whose queue is full: a connection to it is never made.
async fn wall(address: SocketAddr) -> io::Result<(TcpListener, Vec<TcpStream>)> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let listener = socket.listen(1)?;
    let mut queue = Vec::new();
    while let Ok(connected) = tokio::time::timeout(KNOCK, TcpStream::connect(address)).await {
        queue.push(connected?);
    }
    Ok((listener, queue))
}

async fn serve(shared: &Arc<Shared>, mut client: TcpStream) -> io::Result<()> {
    client.set_nodelay(true)?;
    while let Some(asked) = wire::read(&mut client).await? {
        let kind = shared.door.request(asked.word(0), asked.word(1), &asked.body);
        if let (Some(fault), Some(request)) = (shared.note(kind), kind) {
            let truth = if fault.is_after_arrival() { Some(forward(shared, &asked).await?) } else { None };
            let (token, trap, door) = (shared.token.as_str(), shared.trap.as_str(), shared.door);
            tell(fault, Scene { client: &mut client, asked: &asked, request, truth, token, trap, door }).await?;
            if matches!(fault, Fault::ResetUnseen | Fault::ResetBefore | Fault::ResetAfter | Fault::ResetBody) {
                return Ok(());
            }
            tokio::io::AsyncWriteExt::shutdown(&mut client).await?;
            let _ = tokio::time::timeout(LINGER, wire::read(&mut client)).await;
            return Ok(());
        }
        let mut answer = forward(shared, &asked).await?;
        if let Some(merged) = shared.door.parts().merged
            && shared.state().forgets_merges
            && kind.is_some_and(|kind| kind != Request::ListPage)
        {
            answer.body = String::from_utf8_lossy(&answer.body).replace(merged, "nothing").into();
        }
        let last = shared.state().closes_after.is_some();
        if shared.is_closed().is_some() {
            // The door is another task's: it is closed before the answer is out.
            shared.moved.notify_waiters();
            shared.is_shut(true).await;
        }
        if last {
            answer = answer.with("connection", "close");
        }
        wire::write(&mut client, &answer).await?;
        if last {
            return Ok(());
        }
    }
    Ok(())
}

async fn forward(shared: &Shared, asked: &Message) -> io::Result<Message> {
    let mut crm = TcpStream::connect(shared.crm).await?;
    crm.set_nodelay(true)?;
    let mut asked = asked.clone().with("connection", "close");
    asked.head.retain(|(name, _)| name != "accept-encoding");
    wire::write(&mut crm, &asked).await?;
    let mut answer = wire::read(&mut crm).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
    answer.head.retain(|(name, _)| name != "connection");
    Ok(answer)
}
