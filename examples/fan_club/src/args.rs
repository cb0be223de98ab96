//! What can be typed after `fan_club`.

use std::{net::SocketAddr, path::PathBuf};

use bevy_persona::{
    inference::{
        ChainLink, GgufSettings, ModelChoice,
        remote::{RemoteSettings, TagMode},
    },
    mind::FanId,
};
use clap::{Args, Parser, Subcommand};

/// Lets many fans talk with the four idols at once
#[derive(Debug, Parser)]
#[command(name = "fan_club", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Let fans in, until Ctrl-C or SIGTERM
    Serve(Box<ServeArgs>),
    /// Give, renew and take accounts
    Account(AccountArgs),
}

/// Where the server keeps what it knows.
#[derive(Debug, Clone, Args)]
pub struct DataArgs {
    /// The folder of the SQLite files `fans.sqlite` and `accounts.sqlite`; made if need be
    #[arg(long, value_name = "DIR", default_value = "fan_club_data")]
    pub data: PathBuf,

    /// A PostgreSQL server instead: `postgres://user:password@host/database`
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

/// How fans are served.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where fans come in
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Where `/metrics` is shown, instead of where fans come in
    #[arg(long, value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,

    /// Where what is known of fans is kept.
    #[command(flatten)]
    pub data: DataArgs,

    /// Let everybody make an account on the page
    #[arg(long)]
    pub open: bool,

    /// So many accounts may be made from one address in ten minutes
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub joins: u32,

    /// A proxy of yours stands before the server, and its `X-Forwarded-For` can be believed
    #[arg(long)]
    pub behind_proxy: bool,

    /// The most open connections
    #[arg(long, value_name = "N", default_value_t = 4000)]
    pub connections: usize,

    /// The longest message, in characters
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub max_chars: usize,

    /// Who finds the words: `default`, the path of a model, `hub:owner/repo/file.gguf`, or
    /// `remote:http://host:port/v1#model`; given again, the next one speaks where the one before cannot
    #[arg(long, value_name = "SOURCE", default_value = "default")]
    pub model: Vec<ModelChoice>,

    /// The environment variable that holds the key of a remote server
    #[arg(long, value_name = "NAME")]
    pub key_env: Option<String>,

    /// How a remote server is made to tag feelings
    #[arg(long, value_name = "MODE", default_value_t)]
    pub tags: TagMode,

    /// The most replies in the making at the same time
    ///
    /// 8 suits a small model on a few cores; a server with a graphics card takes 256 and more.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub replies: usize,

    /// Memory for what a model on this machine has read of fans and idols, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 512)]
    pub cache_mb: usize,

    /// The most threads of a model on this machine; all cores unless given
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,

    /// The folder of the `*.persona.ron` files and what belongs to them
    #[arg(long, value_name = "DIR")]
    pub personas: Option<PathBuf>,

    /// The folder with `lore` and `conduct` in it
    #[arg(long, value_name = "DIR")]
    pub assets: Option<PathBuf>,

    /// What the members say on the stage
    #[arg(long, value_name = "FILE")]
    pub moments: Option<PathBuf>,

    /// How many seconds lie between two moments on the stage
    #[arg(long, value_name = "SECONDS", default_value_t = 75)]
    pub moment_every: u64,

    /// How many seconds a fan's place is kept when the last connection has ended
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub linger: u64,

    /// How many seconds open replies may take when the server ends
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub parting: u64,

    /// Make the same talks go the same way
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// What to do with accounts.
#[derive(Debug, Clone, Args)]
pub struct AccountArgs {
    /// What.
    #[command(subcommand)]
    pub deed: Deed,

    /// Where accounts are kept.
    #[command(flatten)]
    pub data: DataArgs,
}

/// What to do with an account.
#[derive(Debug, Clone, Subcommand)]
pub enum Deed {
    /// Give a fan an account, and print its token
    Add {
        /// Who.
        fan: FanId,
    },
    /// Give a fan a new token, and print it; the old one is void
    Renew {
        /// Who.
        fan: FanId,
    },
    /// Take the account of a fan; what is remembered of the fan stays
    Remove {
        /// Who.
        fan: FanId,
    },
    /// List all accounts
    List,
}

impl ServeArgs {
    /// Who finds the words, in the order in which they are asked.
    #[must_use]
    pub fn links(&self) -> Vec<ChainLink> {
        self.model.iter().map(|model| self.link(model)).collect()
    }

    fn link(&self, model: &ModelChoice) -> ChainLink {
        match model {
            ModelChoice::Here(source) => {
                let mut settings =
                    GgufSettings { cache_mb: self.cache_mb, ..GgufSettings::default() };
                if let Some(assets) = &self.assets {
                    let adapters = assets.join("adapters");
                    settings.adapter_folder = Some(adapters).filter(|folder| folder.is_dir());
                }
                ChainLink::model(model.name(), source.clone(), settings)
            }
            ModelChoice::Server(address) => {
                let settings = RemoteSettings {
                    key_env: self.key_env.clone(),
                    tags: self.tags,
                    ..RemoteSettings::from(address.clone())
                };
                ChainLink::remote(model.name(), settings)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn models_make_a_chain() {
        let line = "fan_club serve --model remote:http://127.0.0.1:8000/v1#solar --model default";
        let cli = Cli::try_parse_from(line.split(' ')).unwrap();
        let Command::Serve(args) = cli.command else { panic!("{:?}", cli.command) };
        let names: Vec<_> = args.links().iter().map(|link| link.name.to_string()).collect();
        assert_eq!(names, ["solar", "default"]);
        assert!(Cli::try_parse_from(["fan_club", "serve", "--model", "remote:nowhere"]).is_err());
    }
}
