//! What a fan's task does: one job after the other, again where the server is in the way.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bevy_persona::{
    mind::FanId,
    store::{StoreError, StoreEvent, StoreJob},
};
use tracing::warn;

use super::{
    facts::Numbers,
    manage,
    problem::{self, Failure},
    queues::Queues,
    read, turn,
};

/// The time between two tries: the first, and the longest.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_secs(2)];
/// How long one try may take.
const TRY: Duration = Duration::from_secs(15);
/// How long a question is asked again; a fan waits for the answer.
const ASKING: Duration = Duration::from_secs(5);

/// Does the jobs of a fan until there are none.
pub(super) async fn run(queues: Arc<Queues>, fan: FanId) {
    let mut numbers = queues.numbers(&fan);
    let mut next = queues.first(&fan);
    while let Some(job) = next {
        finish(&queues, &job, &mut numbers).await;
        next = queues.done(&fan, &numbers);
    }
}

/// Does a job, however often it takes.
async fn finish(queues: &Queues, job: &Arc<StoreJob>, numbers: &mut Numbers) {
    let [mut pause, longest] = PAUSES;
    let (stamp, first) = (stamp(), Instant::now());
    loop {
        let began = Instant::now();
        match attempt(queues, job, stamp, numbers).await {
            Ok(answer) => {
                queues.trouble.done(began);
                answer.into_iter().for_each(|answer| queues.trouble.say(answer));
                return;
            }
            // Only this fan waits; the server is well.
            Err(error @ StoreError::Busy { .. }) => warn!("{error}"),
            Err(error) if error.is_of_file() && !is_too_late(job, first) => {
                queues.trouble.failed(error);
            }
            Err(error) => {
                let job = StoreJob::clone(job).into();
                queues.trouble.say(StoreEvent::Refused(job, error));
                return;
            }
        }
        queues.pause(pause).await;
        if queues.has_ended() {
            return;
        }
        pause = (pause * 2).min(longest);
    }
}

/// Whether the answer to a question has been waited for long enough.
fn is_too_late(job: &StoreJob, first: Instant) -> bool {
    matches!(job, StoreJob::Load(_) | StoreJob::Export(_)) && first.elapsed() > ASKING
}

async fn attempt(
    queues: &Queues,
    job: &StoreJob,
    stamp: i64,
    numbers: &mut Numbers,
) -> Result<Option<StoreEvent>, StoreError> {
    // Never closed.
    let _permit = queues.permits.acquire().await;
    match tokio::time::timeout(TRY, perform(queues, job, stamp, numbers)).await {
        Ok(done) => done.map_err(|failure| failure.at(&queues.server)),
        Err(_) => Err(problem::silent(&queues.server)),
    }
}

async fn perform(
    Queues { pool, .. }: &Queues,
    job: &StoreJob,
    stamp: i64,
    numbers: &mut Numbers,
) -> Result<Option<StoreEvent>, Failure> {
    match job {
        StoreJob::SaveTurn { fan, member, record } => {
            turn::save(pool, fan, member, record, stamp, numbers).await?;
            return Ok(Some(StoreEvent::Saved { fan: fan.clone(), member: member.clone() }));
        }
        StoreJob::Unlock { fan, scene } => turn::unlock(pool, fan, scene, stamp).await?,
        StoreJob::SaveStory { fan, story } => turn::save_story(pool, fan, story, stamp).await?,
        StoreJob::Load(fan) => {
            let saved = read::fan(pool, fan).await?;
            *numbers = Numbers::loaded(&saved.facts);
            return Ok(Some(StoreEvent::Loaded(fan.clone(), saved.into())));
        }
        StoreJob::Export(fan) => {
            let exported = read::fan(pool, fan).await?.export(fan)?;
            return Ok(Some(StoreEvent::Exported(fan.clone(), exported)));
        }
        StoreJob::Import(exported) => {
            manage::import(pool, exported, stamp).await?;
            *numbers = Numbers::default();
        }
        StoreJob::Correct(fan, fact) => manage::correct(pool, fan, fact, stamp, numbers).await?,
        StoreJob::Forget(fan, fact) => manage::forget(pool, fan, *fact, stamp, numbers).await?,
        StoreJob::ForgetFan(fan) => {
            manage::forget_fan(pool, fan).await?;
            *numbers = Numbers::default();
        }
    }
    Ok(None)
}

/// A number for a change, by which it is recognised if the connection breaks while its end is told.
fn stamp() -> i64 {
    static NEXT: LazyLock<AtomicU64> =
        LazyLock::new(|| AtomicU64::new(RandomState::new().build_hasher().finish()));
    NEXT.fetch_add(1, Ordering::Relaxed).cast_signed()
}
