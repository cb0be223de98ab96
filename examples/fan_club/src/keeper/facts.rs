//! What is known about a fan, a row for each fact.

use std::collections::BTreeMap;

use bevy_persona::{
    mind::memory::{FactId, FanFact},
    store::columns::{encode, int},
};
use sqlx::PgConnection;

use super::{lines::drop_exchanges, problem::Failure};

/// Under which number the server has each fact of a fan that was loaded or written here, by the
/// number that the world uses. They differ where another process gave out the same one.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    kept: BTreeMap<FactId, FactId>,
    /// What holds if a change whose end was not heard was made.
    tried: Option<BTreeMap<FactId, FactId>>,
}

impl Numbers {
    /// After loading, both use the same numbers.
    pub(super) fn loaded(facts: &[FanFact]) -> Self {
        Self { kept: facts.iter().map(|fact| (fact.id, fact.id)).collect(), tried: None }
    }

    /// Under which number the server has a fact.
    pub(super) fn kept_as(&self, fact: FactId) -> FactId {
        self.kept.get(&fact).copied().unwrap_or(fact)
    }

    /// A change with these numbers is about to be made.
    pub(super) fn try_out(&mut self, numbers: Self) {
        self.tried = Some(numbers.kept);
    }

    /// That change was made.
    pub(super) fn settle(&mut self) {
        self.kept = self.tried.take().unwrap_or_else(|| std::mem::take(&mut self.kept));
    }
}

/// Which facts a turn changes, and which it adds, each by the number that the server has.
#[derive(Debug, Default, PartialEq)]
struct Plan {
    changed: BTreeMap<i64, String>,
    added: BTreeMap<i64, String>,
    last: u64,
}

impl Plan {
    /// Sorts facts, and gives numbers to new ones.
    ///
    /// A number that was never seen here is new. If the server gave it out before, another process
    /// was faster, and the fact gets the next free one. Whether a fact that was seen here is still
    /// there, the server knows: one that was forgotten meanwhile is not brought back.
    fn of(facts: &[FanFact], last: i64, numbers: &mut Numbers) -> Result<Self, Failure> {
        let mut plan = Self { last: last.unsigned_abs(), ..Self::default() };
        for fact in facts {
            let kept = numbers.kept.get(&fact.id).copied();
            let id = kept.unwrap_or_else(|| plan.next_number(fact.id, numbers));
            let body = encode(&FanFact { id, ..fact.clone() })?;
            let key = int(id.0);
            let added = kept.is_none() || plan.added.contains_key(&key);
            if added { &mut plan.added } else { &mut plan.changed }.insert(key, body);
        }
        Ok(plan)
    }

    fn next_number(&mut self, given: FactId, numbers: &mut Numbers) -> FactId {
        let id = if given.0 <= self.last { FactId(self.last + 1) } else { given };
        if given != FactId::default() {
            numbers.kept.insert(given, id);
        }
        self.last = id.0;
        id
    }
}

/// Writes facts: only what differs.
pub(super) async fn put(
    transaction: &mut PgConnection,
    fan: i64,
    facts: &[FanFact],
    last: i64,
    numbers: &mut Numbers,
) -> Result<(), Failure> {
    let plan = Plan::of(facts, last, numbers)?;
    if plan.changed.is_empty() && plan.added.is_empty() {
        return Ok(());
    }
    write(transaction, fan, plan).await
}

/// Writes facts of a fan who has none, each under its own number.
pub(super) async fn put_all(
    transaction: &mut PgConnection,
    fan: i64,
    facts: &[FanFact],
    last: FactId,
) -> Result<(), Failure> {
    let mut plan = Plan { last: last.0, ..Plan::default() };
    for fact in facts {
        plan.added.insert(int(fact.id.0), encode(fact)?);
        plan.last = plan.last.max(fact.id.0);
    }
    write(transaction, fan, plan).await
}

async fn write(
    transaction: &mut PgConnection,
    fan: i64,
    Plan { changed, added, last }: Plan,
) -> Result<(), Failure> {
    let (changed, changes): (Vec<_>, Vec<_>) = changed.into_iter().unzip();
    let (added, additions): (Vec<_>, Vec<_>) = added.into_iter().unzip();
    sqlx::query(
        "WITH changed AS (
             UPDATE fan_club.fact SET body = given.body
             FROM unnest($2::bigint[], $3::text[]) AS given (id, body)
             WHERE fact.fan = $1 AND fact.id = given.id AND fact.body <> given.body
         ), added AS (
             INSERT INTO fan_club.fact (fan, id, body)
             SELECT $1, given.id, given.body
             FROM unnest($4::bigint[], $5::text[]) AS given (id, body)
         )
         UPDATE fan_club.fan SET last_fact = $6 WHERE id = $1 AND last_fact < $6",
    )
    .bind(fan)
    .bind(changed)
    .bind(changes)
    .bind(added)
    .bind(additions)
    .bind(int(last))
    .execute(transaction)
    .await?;
    Ok(())
}

/// Writes a fact that the server has; gives whether it has it.
pub(super) async fn update(
    transaction: &mut PgConnection,
    fan: i64,
    fact: &FanFact,
) -> Result<bool, Failure> {
    let done = sqlx::query("UPDATE fan_club.fact SET body = $3 WHERE fan = $1 AND id = $2")
        .bind(fan)
        .bind(int(fact.id.0))
        .bind(encode(fact)?)
        .execute(transaction)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The shortest quote by which an exchange is recognised, in bytes.
const TELLING: usize = 4;

/// Deletes a fact, and the exchanges in which it was told; gives whether there was one.
pub(super) async fn forget(
    transaction: &mut PgConnection,
    fan: i64,
    fact: FactId,
) -> Result<bool, Failure> {
    let body: Option<String> =
        sqlx::query_scalar("DELETE FROM fan_club.fact WHERE fan = $1 AND id = $2 RETURNING body")
            .bind(fan)
            .bind(int(fact.0))
            .fetch_optional(&mut *transaction)
            .await?;
    let Some(body) = body else { return Ok(false) };
    // One that cannot be read says not where it was told, and goes all the same.
    let quote = serde_json::from_str(&body).map(|fact: FanFact| fact.source.quote);
    if let Some(quote) = quote.ok().filter(|quote| quote.len() >= TELLING) {
        drop_exchanges(transaction, fan, &quote).await?;
    }
    Ok(true)
}
