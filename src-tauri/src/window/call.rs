//! The one command that the page can call.

use std::sync::Arc;

use drumbeat_app::api;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::ApiError;
use tauri::State;

/// Runs an operation: its name and its request as JSON text in, its answer as JSON text out.
#[tauri::command]
pub async fn call(app: State<'_, Arc<Drumbeat>>, name: String, request: String) -> Result<String, ApiError> {
    let app = Arc::clone(&app);
    api::dispatch(&app, &name, &request).await
}
