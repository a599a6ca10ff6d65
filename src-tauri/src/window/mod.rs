//! The window: one webview without any power of its own, one command, one event stream.
//!
//! Everything that the page can do goes through [`call`]; it cannot navigate, open windows, read files
//! or reach the network. Closing the window ends the program; a running sync is told to stop and what
//! it has read is kept.

mod call;
mod events;
mod files;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::events::{AppEvent, Events, Kind};
use drumbeat_app::signing_in::Browser;
use drumbeat_app::telling;
use tauri::{Manager, WebviewUrl, WebviewWindowBuilder};
use tauri_plugin_notification::NotificationExt;

use crate::cli::args::Args;

/// Bytes of a letter's address, subject and text that are handed to the mail program; a longer one is copied.
const LONGEST_LETTER: usize = 64 * 1024;

/// Opens the window and runs until it is closed.
pub fn run(args: &Args, runtime: &tokio::runtime::Runtime) -> ExitCode {
    tauri::async_runtime::set(runtime.handle().clone());
    let sink = Arc::new(events::Window::default());
    let app = match crate::cli::program(args, Arc::clone(&sink) as Arc<dyn Events>) {
        Ok(app) => app,
        Err(error) => {
            eprintln!("{}", error.message);
            return ExitCode::from(1);
        }
    };
    let sample = args.sample;
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|handle, words, _| hand_over(handle, &words)))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .manage(Arc::clone(&app))
        .invoke_handler(tauri::generate_handler![call::call])
        .on_window_event(files::dragged)
        .setup(move |handle| {
            sink.attach(handle.handle().clone());
            files::attach(&app, handle.handle());
            let _ = app.browser.set(Arc::new(SystemBrowser));
            WebviewWindowBuilder::new(handle, "main", WebviewUrl::default())
                .title("Drumbeat")
                .inner_size(1280.0, 800.0)
                .min_inner_size(640.0, 400.0)
                .on_navigation(stays)
                .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
                .build()?;
            open_at_start(Arc::clone(&app), sample);
            tauri::async_runtime::spawn(tell(Arc::clone(&app), handle.handle().clone()));
            tauri::async_runtime::spawn(watch(app));
            Ok(())
        })
        .run(tauri::generate_context!());
    match built {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The window cannot open: {error}");
            ExitCode::from(1)
        }
    }
}

/// The window never leaves its own pages; a letter that somebody has written goes to the mail program instead.
fn stays(url: &tauri::Url) -> bool {
    if url.scheme() == "mailto" && url.as_str().len() <= LONGEST_LETTER {
        // What the system says may name the address and the text: neither is for a log.
        if tauri_plugin_opener::open_url(url.as_str(), None::<&str>).is_err() {
            tracing::warn!("the mail program cannot be opened");
        }
    }
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

/// The browser that the system has for web addresses.
struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, url: &str) -> Result<(), String> {
        // What the system says may quote the address: it is not for a log.
        tauri_plugin_opener::open_url(url, None::<&str>).map_err(|_| "the system has none".to_owned())
    }
}

/// A second start is this window brought forward; when it asked for the sample, with the sample in it.
fn hand_over(handle: &tauri::AppHandle, words: &[String]) {
    if let Some(window) = handle.get_webview_window("main") {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
    let app = Arc::clone(&handle.state::<Arc<Drumbeat>>());
    let shows_sample = app.workspace().is_ok_and(|workspace| workspace.sample);
    if Args::try_parse_from(words).is_ok_and(|args| args.sample) && !shows_sample {
        open_at_start(app, true);
    }
}

/// Opens the sample or the workspace that was open last, beside the window's own start.
fn open_at_start(app: Arc<Drumbeat>, sample: bool) {
    tauri::async_runtime::spawn_blocking(move || {
        let opened = if sample {
            drumbeat_app::drumbeat::open_sample(&app, drumbeat_app::api::Nothing {}).map(|_| ())
        } else {
            app.open_usual().map(|_| ())
        };
        // What is wrong with a workspace shows in the status; without one the window says welcome.
        if let Err(error) = opened {
            tracing::info!(id = %error.id, "no workspace was opened");
        }
    });
}

/// Tells on the desktop which clocks are about to run out, once a minute while a workspace is open.
async fn tell(app: Arc<Drumbeat>, handle: tauri::AppHandle) {
    let mut minutes = tokio::time::interval(Duration::from_mins(1));
    loop {
        minutes.tick().await;
        let Ok(workspace) = app.workspace() else { continue };
        let due = tokio::task::spawn_blocking(move || telling::due(&workspace)).await;
        let notice = match due {
            Ok(Ok(Some(notice))) => notice,
            Ok(Ok(None)) => continue,
            Ok(Err(error)) => {
                tracing::warn!(id = %error.id, "clocks were not looked at");
                continue;
            }
            Err(_) => continue,
        };
        let shown = handle.notification().builder().title(&notice.title).body(&notice.text).show();
        if shown.is_err() {
            tracing::info!("this desktop shows no notices");
        }
    }
}

/// Notices once a second what another process (the command line) has written.
async fn watch(app: Arc<Drumbeat>) {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    let mut known = None;
    loop {
        seconds.tick().await;
        let Ok(workspace) = app.workspace() else { continue };
        let id = workspace.id.clone();
        let version = tokio::task::spawn_blocking(move || workspace.store.foreign_version().ok()).await.ok().flatten();
        let Some(version) = version else { continue };
        match known.replace((id.clone(), version)) {
            Some((before, number)) if before == id && number != version => {
                app.events.send(AppEvent::Changed(Kind::ALL.to_vec()))
            }
            _ => {}
        }
    }
}
