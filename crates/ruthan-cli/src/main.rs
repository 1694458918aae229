//! The command `ruthan`.

mod arguments;
mod campaigns;
mod columns;
mod eval;
mod figures;
mod model;
mod report;
mod scan;
mod terminal;
mod texts;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Cli, Command};

/// What a run found, for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No message that a person should be warned of.
    Nothing,
    /// At least one scam or suspicious message.
    Scam,
    /// A model that is not what its manifest says.
    Unverified,
    /// Some input could not be read; what could be was answered.
    BadInput,
    /// The user, or the system, ended the run by this signal.
    Stopped(u8),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit_zero = cli.exit_zero;
    match run(cli) {
        Ok(Found::Scam) if !exit_zero => ExitCode::from(1),
        Ok(Found::Unverified) => ExitCode::from(1),
        Ok(Found::BadInput) => ExitCode::from(2),
        // As a shell reports a program that a signal ended.
        Ok(Found::Stopped(signal)) => ExitCode::from(128 + signal),
        Ok(_) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough: `ruthan scan … | head` is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Found> {
    let setup = cli.setup;
    match cli.command {
        Command::Classify(arguments) => texts::classify(&setup, &arguments),
        Command::Links(arguments) => texts::links(&setup, &arguments),
        Command::Indicators(arguments) => texts::indicators(&setup, &arguments),
        Command::Normalize(arguments) => texts::normalize(&arguments),
        Command::Scan(arguments) => scan::scan(&setup, &arguments),
        Command::Campaigns(arguments) => campaigns::campaigns(&setup, &arguments),
        Command::Eval(arguments) => eval::eval(&setup, &arguments),
        Command::Model(command) => model::model(setup, command),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<ruthan_dump::Error>()
                .is_some_and(ruthan_dump::Error::is_broken_pipe)
    })
}
