//! `mcpsentry export`

use super::{Colors, Outcome, message, print};
use crate::cli::{Export, Framework};

/// Prints the script that writes a route manifest from a running framework.
pub(crate) fn run(arguments: &Export, color: Colors) -> Outcome {
    let script = match arguments.framework {
        Framework::Fastapi => include_str!("export/fastapi_routes.py"),
        Framework::Flask => include_str!("export/flask_routes.py"),
        Framework::Django => include_str!("export/django_routes.py"),
        Framework::Express => include_str!("export/express_routes.cjs"),
        Framework::Rails => include_str!("export/rails_routes.rb"),
    };
    match print(|out| out.write_all(script.as_bytes())) {
        Ok(()) => Outcome::Clean,
        Err(why) => {
            message::error(color.messages, "", &why, "");
            Outcome::Failed
        }
    }
}
