//! The sandbox's own randomness: SplitMix64, so that a seed means the same data forever.
//!
//! A crate of random numbers may change its stream between versions, and generated data is compared across versions here.
//! Callers rely on: same seed, same calls, same answers, on every machine. It is not for secrets.

/// A small deterministic generator.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..n`; zero when `n` is zero.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n == 0 {
            return 0;
        }
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).max(0) as usize + 1;
        low + self.below(span) as i64
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with the given probability.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A number in `0..n`, small ones far likelier: the few big companies that every market has.
    pub(crate) fn skewed(&mut self, n: usize) -> usize {
        let u = self.unit();
        (((u * u * u) * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// A number in `0..n`, small ones likelier, but none swallows the rest: how partners share a programme
    /// and accounts a book. Of 14 the first gets a sixth, of 60 a fifteenth.
    pub(crate) fn leaning(&mut self, n: usize) -> usize {
        let u = self.unit();
        ((u * u.sqrt() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// One of a list that is never empty.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// Thirty-two hexadecimal digits in the shape of a UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            0x8000 | (b >> 50),
            b & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_splitmix64() {
        // Reference values of SplitMix64 started at 1234567.
        let mut r = Random(1_234_567);
        assert_eq!(r.next(), 6_457_827_717_110_365_317);
        assert_eq!(r.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn below_stays_below() {
        let mut r = Random::new(7);
        assert!((0..1000).all(|_| r.below(3) < 3));
        assert_eq!(r.below(0), 0);
    }
}
