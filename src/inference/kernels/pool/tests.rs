use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    thread::current,
};

use proptest::prelude::*;

use super::*;

fn message(run: impl FnOnce()) -> Option<&'static str> {
    catch_unwind(AssertUnwindSafe(run)).err()?.downcast_ref::<&'static str>().copied()
}

/// Runs jobs of two chunks that wait for each other, until caller and helper meet in one.
fn with_a_helper(pool: &Pool, here: &(dyn Fn() + Sync), there: &(dyn Fn() + Sync)) {
    let caller = current().id();
    let met = AtomicU32::new(0);
    while met.load(SeqCst) < 2 {
        let arrived = [const { AtomicBool::new(false) }; 2];
        pool.run(2, &|_| {
            let is_here = current().id() == caller;
            arrived[usize::from(is_here)].store(true, SeqCst);
            let other = &arrived[usize::from(!is_here)];
            // Without end this would hang if the same thread had both chunks.
            for _ in 0..100_000 {
                if other.load(SeqCst) {
                    met.fetch_add(1, SeqCst);
                    return if is_here { here() } else { there() };
                }
                std::thread::yield_now();
            }
        });
    }
}

fn runs_each_once(pool: &Pool, count: usize) {
    let calls: Vec<AtomicU32> = (0..count).map(|_| AtomicU32::new(0)).collect();
    pool.run(count, &|i| {
        calls[i].fetch_add(1, SeqCst);
    });
    assert!(calls.iter().all(|calls| calls.load(SeqCst) == 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_index_is_run_once(jobs in prop::collection::vec((1..5_usize, 0..300_usize), 1..20)) {
        let pool = Pool::new(2);
        for (threads, count) in jobs {
            pool.set_threads(threads);
            prop_assert_eq!(pool.threads(), threads);
            runs_each_once(&pool, count);
        }
    }
}

#[test]
fn thousands_of_jobs_back_to_back_see_each_others_results() {
    let pool = Pool::new(3);
    let values: Vec<AtomicU64> = (0..7).map(|_| AtomicU64::new(0)).collect();
    for job in 0..20_000 {
        pool.run(values.len(), &|i| {
            let before = values[i].swap(job + 1, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(before, job);
        });
    }
    assert!(values.iter().all(|value| value.load(SeqCst) == 20_000));
}

#[test]
fn what_a_chunk_reads_may_live_on_the_callers_stack() {
    let pool = Pool::new(2);
    for job in 0..2_000_u64 {
        let rows: Vec<Vec<u64>> = (0..9).map(|row| (row..row + job % 40).collect()).collect();
        let sums: Vec<Mutex<u64>> = rows.iter().map(|_| Mutex::new(0)).collect();
        pool.run(rows.len(), &|i| *sums[i].lock().unwrap() = rows[i].iter().sum());
        for (row, sum) in rows.iter().zip(sums) {
            assert_eq!(row.iter().sum::<u64>(), sum.into_inner().unwrap());
        }
    }
}

#[test]
fn one_thread_is_the_caller_alone() {
    let pool = Pool::new(0);
    let caller = current().id();
    pool.run(100, &|_| assert_eq!(current().id(), caller));
    assert_eq!((pool.threads(), pool.crew.borrow().len()), (1, 0));
}

#[test]
fn helpers_are_named_and_take_part() {
    let pool = Pool::new(2);
    let name = Mutex::new(None);
    with_a_helper(&pool, &|| {}, &|| {
        *name.lock().unwrap() = current().name().map(str::to_owned);
    });
    assert_eq!(name.into_inner().unwrap().as_deref(), Some("persona math 1"));
}

#[test]
fn helpers_beyond_the_number_are_left_out() {
    let pool = Pool::new(3);
    with_a_helper(&pool, &|| {}, &|| {});
    pool.set_threads(1);
    let caller = current().id();
    pool.run(100, &|_| assert_eq!(current().id(), caller));
    pool.set_threads(2);
    with_a_helper(&pool, &|| {}, &|| {});
}

#[test]
fn a_panic_of_the_caller_leaves_the_pool_usable() {
    let pool = Pool::new(2);
    for _ in 0..20 {
        let text = message(|| with_a_helper(&pool, &|| panic!("here"), &|| {}));
        assert_eq!(text, Some("here"));
        runs_each_once(&pool, 50);
    }
}

#[test]
fn a_panic_of_a_helper_reaches_the_caller_and_the_helper_lives() {
    let pool = Pool::new(2);
    for _ in 0..20 {
        let text = message(|| with_a_helper(&pool, &|| {}, &|| panic!("there")));
        assert_eq!(text, Some("there"));
        runs_each_once(&pool, 50);
    }
    with_a_helper(&pool, &|| {}, &|| {});
}

#[test]
fn when_both_panic_the_next_job_knows_nothing_of_it() {
    let pool = Pool::new(2);
    let text = message(|| with_a_helper(&pool, &|| panic!("here"), &|| panic!("there")));
    assert!(text.is_some());
    runs_each_once(&pool, 50);
}

#[test]
fn a_panic_abandons_what_is_not_begun() {
    let pool = Pool::new(2);
    let begun = AtomicUsize::new(0);
    let text = message(|| {
        pool.run(1_000_000, &|_| {
            begun.fetch_add(1, SeqCst);
            panic!("at once");
        });
    });
    assert_eq!(text, Some("at once"));
    assert!(begun.into_inner() <= 2);
}

#[test]
fn a_job_within_a_job_is_run_by_the_thread_that_asks() {
    thread_local!(static POOL: RefCell<Option<Pool>> = const { RefCell::new(None) });
    let run = |count, work: &(dyn Fn(usize) + Sync)| {
        POOL.with_borrow(|pool| pool.as_ref().map(|pool| pool.run(count, work)));
    };
    POOL.set(Some(Pool::new(2)));
    let caller = current().id();
    let [outer, outer_here, inner] = [const { AtomicU32::new(0) }; 3];
    run(50, &|_| {
        outer.fetch_add(1, SeqCst);
        // On a helper's thread there is no pool to ask.
        outer_here.fetch_add(u32::from(current().id() == caller), SeqCst);
        run(3, &|_| {
            assert_eq!(current().id(), caller);
            inner.fetch_add(1, SeqCst);
        });
    });
    drop(POOL.take());
    assert_eq!(outer.into_inner(), 50);
    assert_eq!(inner.into_inner(), 3 * outer_here.into_inner());
}

#[test]
fn a_pool_moves_between_threads() {
    let pool = Pool::new(2);
    with_a_helper(&pool, &|| {}, &|| {});
    let pool = std::thread::spawn(move || {
        runs_each_once(&pool, 100);
        with_a_helper(&pool, &|| {}, &|| {});
        pool
    });
    runs_each_once(&pool.join().unwrap(), 100);
}

#[test]
fn an_idle_pool_is_dropped_with_its_helpers() {
    let board = {
        let pool = Pool::new(4);
        runs_each_once(&pool, 100);
        Arc::clone(&pool.board)
    };
    assert_eq!(Arc::strong_count(&board), 1);
}
