//! A stable merge sort of numbers `0..n` by a comparison that may fail: natural runs, short ones extended by binary
//! insertion, merged in balanced order; before a merge both runs are trimmed by galloping, so that runs that do not
//! overlap cost few comparisons. (After T. Peters' timsort.)
//!
//! The comparison may be inconsistent: the result is then some permutation. Checked by the tests below.

/// Sorts `v` by `less`, which is given two elements.
pub fn timsort<E>(v: &mut [usize], less: &mut impl FnMut(usize, usize) -> Result<bool, E>) -> Result<(), E> {
    let n = v.len();
    if n < 2 {
        return Ok(());
    }
    let min_run = min_run(n);
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut spare = Vec::new();
    let mut start = 0;
    while start < n {
        let mut len = natural_run(&mut v[start..], less)?;
        if len < min_run {
            let want = min_run.min(n - start);
            binary_insertion(&mut v[start..start + want], len, less)?;
            len = want;
        }
        runs.push((start, len));
        start += len;
        while let Some(i) = to_merge(&runs, start == n) {
            let ((a, m), (_, k)) = (runs[i], runs[i + 1]);
            merge(&mut v[a..a + m + k], m, &mut spare, less)?;
            runs[i].1 = m + k;
            runs.remove(i + 1);
        }
    }
    Ok(())
}

/// A number from 32 to 64 such that `n` divided by it is a power of two or a little less; small arrays are one run.
fn min_run(mut n: usize) -> usize {
    let mut low_bits = 0;
    while n >= 64 {
        low_bits |= n & 1;
        n >>= 1;
    }
    n + low_bits
}

/// Length of the run at the start; a strictly falling one is turned around.
fn natural_run<E>(
    v: &mut [usize],
    less: &mut impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<usize, E> {
    if v.len() < 2 {
        return Ok(v.len());
    }
    let mut n = 2;
    if less(v[1], v[0])? {
        while n < v.len() && less(v[n], v[n - 1])? {
            n += 1;
        }
        v[..n].reverse();
    } else {
        while n < v.len() && !less(v[n], v[n - 1])? {
            n += 1;
        }
    }
    Ok(n)
}

/// Extends a sorted prefix to the whole slice.
fn binary_insertion<E>(
    v: &mut [usize],
    sorted: usize,
    less: &mut impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<(), E> {
    for i in sorted.max(1)..v.len() {
        let x = v[i];
        let (mut lo, mut hi) = (0, i);
        while lo < hi {
            let mid = lo + (hi - lo) / 2;
            if less(x, v[mid])? {
                hi = mid;
            } else {
                lo = mid + 1;
            }
        }
        v.copy_within(lo..i, lo + 1);
        v[lo] = x;
    }
    Ok(())
}

/// The first of two neighbouring runs to merge now, if any: lengths must fall faster than Fibonacci numbers.
fn to_merge(runs: &[(usize, usize)], all: bool) -> Option<usize> {
    let n = runs.len();
    if n < 2 {
        return None;
    }
    let len = |i: usize| runs[i].1;
    let broken = len(n - 2) <= len(n - 1)
        || (n >= 3 && len(n - 3) <= len(n - 2) + len(n - 1))
        || (n >= 4 && len(n - 4) <= len(n - 3) + len(n - 2));
    if !all && !broken {
        return None;
    }
    if n >= 3 && len(n - 3) < len(n - 1) { Some(n - 3) } else { Some(n - 2) }
}

/// Number of leading elements of `v` that `before` holds for, found by galloping.
fn gallop<E>(v: &[usize], before: &mut impl FnMut(usize) -> Result<bool, E>) -> Result<usize, E> {
    let mut hi = 1;
    let mut lo = 0;
    while hi <= v.len() && before(v[hi - 1])? {
        lo = hi;
        hi = hi * 2 + 1;
    }
    hi = hi.min(v.len() + 1) - 1;
    while lo < hi {
        let mid = lo + (hi - lo) / 2;
        if before(v[mid])? {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    Ok(lo)
}

/// Merges the sorted halves `v[..m]` and `v[m..]`.
fn merge<E>(
    v: &mut [usize],
    m: usize,
    spare: &mut Vec<usize>,
    less: &mut impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<(), E> {
    // What is in front of the right half's first element is in place already, and what is after the left's last.
    let first = v[m];
    let skip = gallop(&v[..m], &mut |x| less(first, x).map(|l| !l))?;
    if skip == m {
        return Ok(());
    }
    let last = v[m - 1];
    let keep = gallop(&v[m..], &mut |x| less(x, last))?;
    let v = &mut v[skip..m + keep];
    let m = m - skip;
    spare.clear();
    spare.extend_from_slice(&v[..m]);
    // `spare[i..]` and `v[j..]` are still to be merged, into `v[to..]`; `to + spare.len() - i == j` throughout.
    let (mut i, mut j, mut to) = (0, m, 0);
    let r = (|| {
        let (mut left_wins, mut right_wins) = (0, 0);
        while i < spare.len() && j < v.len() {
            let (x, y) = (spare[i], v[j]);
            if right_wins >= GALLOP {
                let n = gallop(&v[j..], &mut |y| less(y, x))?;
                v.copy_within(j..j + n, to);
                (j, to, right_wins) = (j + n, to + n, n);
                if n == 0 || j == v.len() {
                    continue;
                }
                v[to] = x;
                (i, to, right_wins, left_wins) = (i + 1, to + 1, if n >= GALLOP { n } else { 0 }, 1);
            } else if left_wins >= GALLOP {
                let n = gallop(&spare[i..], &mut |x| less(y, x).map(|l| !l))?;
                v[to..to + n].copy_from_slice(&spare[i..i + n]);
                (i, to, left_wins) = (i + n, to + n, n);
                if n == 0 || i == spare.len() {
                    continue;
                }
                v[to] = y;
                (j, to, left_wins, right_wins) = (j + 1, to + 1, if n >= GALLOP { n } else { 0 }, 1);
            } else if less(y, x)? {
                v[to] = y;
                (j, to, right_wins, left_wins) = (j + 1, to + 1, right_wins + 1, 0);
            } else {
                v[to] = x;
                (i, to, left_wins, right_wins) = (i + 1, to + 1, left_wins + 1, 0);
            }
        }
        Ok(())
    })();
    // Also after an error: every element stays exactly once.
    v[to..to + spare.len() - i].copy_from_slice(&spare[i..]);
    r
}

/// So many wins in a row of one run make the merge look for the end of its streak by galloping.
const GALLOP: usize = 7;

#[cfg(test)]
mod tests {
    use super::timsort;

    fn sorted(keys: &[u32]) -> (Vec<usize>, usize) {
        let mut v: Vec<usize> = (0..keys.len()).collect();
        let mut n = 0;
        let r: Result<(), ()> = timsort(&mut v, &mut |a, b| {
            n += 1;
            Ok(keys[a] < keys[b])
        });
        assert_eq!(r, Ok(()));
        (v, n)
    }

    #[test]
    fn sorts_stably() {
        let mut seed = 12345u64;
        for n in [0usize, 1, 2, 3, 10, 63, 64, 65, 100, 1000, 4097] {
            for range in [1, 2, 10, 1000, 1 << 30] {
                let mut keys: Vec<u32> = (0..n)
                    .map(|_| {
                        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                        ((seed >> 33) % range) as u32
                    })
                    .collect();
                for shape in 0..4 {
                    match shape {
                        1 => keys.sort(),
                        2 => keys.reverse(),
                        3 if n > 4 => keys.swap(1, n - 2),
                        _ => {}
                    }
                    let (got, _) = sorted(&keys);
                    let mut want: Vec<usize> = (0..n).collect();
                    want.sort_by_key(|i| keys[*i]);
                    assert_eq!(got, want);
                }
            }
        }
    }

    #[test]
    fn runs_cost_few_comparisons() {
        let up: Vec<u32> = (0..1000).collect();
        assert_eq!(sorted(&up).1, 999);
        let down: Vec<u32> = (0..1000).rev().collect();
        assert_eq!(sorted(&down).1, 999);
        let two: Vec<u32> = (500..1000).chain(0..500).collect();
        assert!(sorted(&two).1 < 1100);
    }

    #[test]
    fn an_error_keeps_every_element() {
        for stop in 0..3000 {
            let keys: Vec<u32> = (0..500u32).map(|i| i.wrapping_mul(2654435761) >> 7).collect();
            let mut v: Vec<usize> = (0..keys.len()).collect();
            let mut n = 0;
            let _ = timsort(&mut v, &mut |a, b| {
                n += 1;
                if n > stop { Err(()) } else { Ok(keys[a] < keys[b]) }
            });
            v.sort();
            assert!(v.iter().enumerate().all(|(i, x)| i == *x));
        }
    }
}
