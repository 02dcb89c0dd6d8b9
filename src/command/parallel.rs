//! Work on many documents at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `work` makes of every item, in the order of the items. One thread a processor works; what one of them makes
/// must not depend on what another does.
pub(super) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    // How many processors there are takes a dozen files to tell.
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    let threads = if items.len() < 2 { 1 } else { processors().min(items.len()) };
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut made = Vec::new();
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && let Some(item) = items.get(index)
        {
            made.push((index, work(item)));
        }
        made
    };
    let mut made: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let made = workers.into_iter().map(|worker| worker.join());
        made.flat_map(|made| made.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    made.sort_unstable_by_key(|&(index, _)| index);
    made.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_stand_in_the_order_of_items() {
        let items: Vec<u64> = (0..500).collect();
        // The first items take longest.
        let slow = |&item: &u64| (item..2000).fold(item, |sum, step| sum.wrapping_mul(31) ^ step);
        assert_eq!(map(&items, slow), items.iter().map(slow).collect::<Vec<_>>());
        assert!(map(&[], slow).is_empty());
    }
}
