//! `persona eval`: runs suites of cases through characters, and says which fail.

mod case;
mod report;
mod verdict;
mod voices;

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use bevy_persona::{
    inference::ModelChoice,
    library::LibraryError,
    mind::{
        Beats, ChatTurn, FanId, Library, Palette, Relationship, Timestamp,
        exemplars::{Exemplar, Exemplars},
    },
    persona::{Language, personas_folder},
    store::Store,
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use self::{
    case::{Case, Suite},
    report::{Exchange, Played, Report, SuiteResult},
    verdict::{Said, fault, fault_of_other, feels_wrong},
    voices::Voices,
};
use crate::{
    bench::Scratch,
    cast,
    chat::folder_of_adapters,
    error::CliError,
    keeper::Keeper,
    progress::Progress,
    shelf::library,
    source::ServerArgs,
    talk::{Acquaintance, FanState, Heard, Talk},
};
pub use case::SuiteError;

/// What to evaluate, and how.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Files of cases, a JSON object a line; docs/writing/evals.md explains them
    #[arg(required = true, value_name = "SUITE.jsonl")]
    pub suites: Vec<PathBuf>,

    /// The model: `default`, the path of a .gguf file or of a folder of safetensors,
    /// `hub:owner/repo/file.gguf`, or `remote:http://host:port/v1#model`
    #[arg(long, value_name = "SOURCE", default_value = "default")]
    pub model: ModelChoice,

    /// How a server is used.
    #[command(flatten)]
    pub server: ServerArgs,

    /// Makes the replies of the model the same each time
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub seed: u64,

    /// At most so many cases of each suite
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,

    /// Where the persona files are
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,

    /// Write all that was said, not only where a case failed
    #[arg(long)]
    pub transcripts: bool,

    /// Let the model find the words of every answer, whatever was written: to hear it alone
    #[arg(long)]
    pub improvise: bool,

    /// Where adapters are; the usual folder without it
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,

    /// Speak without adapters
    #[arg(long, conflicts_with = "adapters")]
    pub no_adapters: bool,

    /// Write every failure, and last the figures, as a JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Runs suites and reports.
///
/// # Errors
/// If a suite, a character or the model is at fault, or the output is closed. Cases that fail are no
/// error.
pub fn run(args: &EvalArgs) -> Result<(), CliError> {
    let limit = args.limit.unwrap_or(usize::MAX);
    let suites: Vec<Suite> =
        args.suites.iter().map(|path| Suite::read(path, limit)).collect::<Result<_, _>>()?;
    let library = Arc::new(library(args.personas.as_deref())?);
    let mut hall = Hall::open(args, library)?;
    let mut out = std::io::stdout().lock();
    let mut report = Report { suites: Vec::new() };
    for suite in &suites {
        let bar = bar(args.json, suite);
        let (result, played) = hall.run(suite, &bar)?;
        bar.finish_and_clear();
        for played in played.iter().filter(|one| args.transcripts || one.reason.is_some()) {
            match args.json {
                true => line(&mut out, played)?,
                false => show(&mut out, played)?,
            }
        }
        report.suites.push(result);
    }
    if args.json {
        line(&mut out, &report)?;
    } else {
        report.table(&mut out)?;
    }
    Ok(())
}

fn line(out: &mut impl Write, value: &impl serde::Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)?;
    out.flush()
}

fn show(out: &mut impl Write, played: &Played) -> std::io::Result<()> {
    let how = played.reason.as_deref().unwrap_or("passed");
    writeln!(out, "{}: {}: {how}", played.suite, played.case)?;
    for Exchange { member, fan, reply, source } in &played.transcript {
        writeln!(out, "    fan: {fan}\n    {member} ({source}): {reply}")?;
    }
    writeln!(out)
}

fn bar(is_hidden: bool, suite: &Suite) -> ProgressBar {
    if is_hidden {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(suite.cases.len() as u64).with_message(suite.name.clone());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// The dialogues beside the personas that are only for training: they show the voices, too.
fn plain_dialogues(personas: Option<&Path>) -> Result<Vec<Exemplar>, CliError> {
    let folder = personas.map_or_else(personas_folder, Path::to_path_buf);
    let mut dialogues = Vec::new();
    for entry in std::fs::read_dir(&folder)?.flatten() {
        let file = entry.path().display().to_string();
        if file.ends_with(".training.jsonl") {
            let text = std::fs::read_to_string(entry.path())?;
            for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty()) {
                let read = Exemplars::from_line(&file, number, line, &Palette::default());
                dialogues.push(read.map_err(LibraryError::from)?);
            }
        }
    }
    Ok(dialogues)
}

/// Where cases are played: one model, a new fan each time.
struct Hall {
    talk: Talk,
    library: Arc<Library>,
    voices: Voices,
    personas: Option<PathBuf>,
    /// Where fans are saved between two sessions.
    folder: Scratch,
}

impl Hall {
    fn open(args: &EvalArgs, library: Arc<Library>) -> Result<Self, CliError> {
        let factory = args.server.factory(
            &args.model,
            None,
            folder_of_adapters(args.adapters.as_deref(), args.no_adapters),
        );
        let sheet = cast::first(args.personas.as_deref())?;
        let mut talk =
            Talk::new(sheet, Language::English, args.seed, Arc::clone(&library), factory);
        let mut progress = Progress::default();
        talk.load(|loading| progress.show(loading))?;
        progress.clear();
        talk.improvises = args.improvise;
        let plain = plain_dialogues(args.personas.as_deref())?;
        let voices = Voices::new(library.exemplars.all().iter().chain(&plain));
        let personas = args.personas.clone();
        Ok(Self { talk, library, voices, personas, folder: Scratch::new()? })
    }

    fn run(
        &mut self,
        suite: &Suite,
        bar: &ProgressBar,
    ) -> Result<(SuiteResult, Vec<Played>), CliError> {
        let (mut all, mut inappropriate) = (Vec::new(), 0usize);
        let mut own_voice = 0usize;
        let (mut replies, mut by_model) = (0usize, 0usize);
        for (line, case) in &suite.cases {
            let mut transcript = Vec::new();
            let reason = self.play(case, &mut transcript)?;
            replies += transcript.len();
            let of_model = transcript.iter().filter(|exchange| exchange.source == "model");
            by_model += of_model.clone().count();
            own_voice +=
                of_model.filter(|said| self.voices.is_of(&said.reply, &said.member)).count();
            let hurts = |reason: &String| reason.ends_with("inappropriate");
            inappropriate += usize::from(reason.as_ref().is_some_and(hurts));
            let case = case.id.clone().unwrap_or_else(|| line.to_string());
            all.push(Played { suite: suite.name.clone(), case, reason, transcript });
            bar.inc(1);
        }
        let part = |some: usize, all: usize| some as f64 / all.max(1) as f64;
        let failed = all.iter().filter(|played| played.reason.is_some()).count();
        let total = suite.cases.len();
        let judged = suite.cases.iter().any(|(_, case)| !case.reject.is_empty());
        let result = SuiteResult {
            name: suite.name.clone(),
            total,
            passed: total - failed,
            rate: part(total - failed, total),
            inappropriate: judged.then(|| part(inappropriate, total)),
            by_model: part(by_model, replies),
            in_her_voice: (by_model > 0).then(|| part(own_voice, by_model)),
        };
        Ok((result, all))
    }

    /// Plays a case; gives why it failed.
    fn play(
        &mut self,
        case: &Case,
        transcript: &mut Vec<Exchange>,
    ) -> Result<Option<String>, CliError> {
        if let Some(text) = &case.text {
            let feelings = self.library.feelings.as_ref();
            let feeling = feelings.map(|feelings| feelings.of_words(text, case.lang));
            return Ok(feels_wrong(case, feeling.as_ref()));
        }
        let mut fan = FanState { unlocked: case.unlocked.clone(), ..FanState::default() };
        let mut with = Acquaintance::default();
        with.bond.relationship = Relationship::of_affinity(case.affinity);
        if let Ok(member) = case.member().parse() {
            fan.memory.learn(case.known(&member, Timestamp::now()));
        }
        self.talk.scene.clone_from(&case.scene);
        if !case.session1.is_empty() {
            (fan, with) = self.session_before(case, fan, with, transcript)?;
        }
        let saved = self.keeper(case)?;
        let replies =
            self.talk_through(&case.member(), case, fan, with, &case.turns, saved, transcript)?;
        if let Some(reason) = fault(case, &replies) {
            return Ok(Some(reason));
        }
        let Some(other) = case.other_member() else { return Ok(None) };
        let (fan, with) = self.restart(&other)?;
        let replies =
            self.talk_through(&other, case, fan, with, &case.other_turns, None, transcript)?;
        Ok(fault_of_other(case, &replies))
    }

    /// A new store, where the case needs one.
    fn keeper(&self, case: &Case) -> Result<Option<Keeper>, CliError> {
        let is_needed = !case.session1.is_empty() || case.other_member().is_some();
        is_needed.then(|| self.store()).transpose()
    }

    fn store(&self) -> Result<Keeper, CliError> {
        let store = Store::open(&self.folder.path().join("fans.sqlite"))?;
        Ok(Keeper::new(store, FanId::default()))
    }

    /// The first session; then everything is read from the file again.
    fn session_before(
        &mut self,
        case: &Case,
        fan: FanState,
        with: Acquaintance,
        transcript: &mut Vec<Exchange>,
    ) -> Result<(FanState, Acquaintance), CliError> {
        let mut keeper = self.store()?;
        keeper.forget_all()?;
        keeper.unlock(&case.unlocked)?;
        let member = case.member();
        self.talk_through(&member, case, fan, with, &case.session1, Some(keeper), transcript)?;
        self.restart(&member)
    }

    /// What the file knows of the fan.
    fn restart(&self, member: &str) -> Result<(FanState, Acquaintance), CliError> {
        let sheet = cast::find(member, self.personas.as_deref())?;
        let saved = self.store()?.load()?;
        Ok((FanState::saved(&saved), Acquaintance::saved(&saved, &sheet.id)))
    }

    fn talk_through(
        &mut self,
        member: &str,
        case: &Case,
        fan: FanState,
        with: Acquaintance,
        turns: &[String],
        mut keeper: Option<Keeper>,
        transcript: &mut Vec<Exchange>,
    ) -> Result<Vec<Said>, CliError> {
        self.talk.meet(cast::find(member, self.personas.as_deref())?, fan, with);
        self.talk.set_language(case.lang);
        let mut replies = Vec::new();
        for turn in turns {
            let (said, exchange) = reply(&mut self.talk, member, turn);
            if let Some(keeper) = &mut keeper {
                keeper.keep(&mut self.talk)?;
            }
            transcript.push(exchange);
            replies.push(said);
        }
        Ok(replies)
    }
}

fn reply(talk: &mut Talk, member: &str, fan: &str) -> (Said, Exchange) {
    let (mut beats, mut source, mut failure) = (Beats::default(), String::new(), None);
    for heard in talk.say(fan) {
        match heard {
            Heard::Started(from) => source = from.to_string(),
            Heard::Segment(segment) => beats.segment(&segment),
            Heard::Failed(error) => failure = Some(error),
            Heard::Loading(_) | Heard::Ready | Heard::Finished { .. } => {}
        }
    }
    let beats = beats.take();
    let feeling = beats.first().map(|beat| beat.emotion.clone());
    let text: String = beats.iter().map(|beat| beat.text.as_str()).collect();
    let shown = match failure {
        Some(error) => format!("({error})"),
        None => ChatTurn::Idol(beats.into()).to_prompt(),
    };
    let exchange = Exchange { member: member.into(), fan: fan.into(), reply: shown, source };
    (Said { text, feeling }, exchange)
}
