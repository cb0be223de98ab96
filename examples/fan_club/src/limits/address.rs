//! Who asks, before it is known which fan it is.

use std::net::{IpAddr, Ipv6Addr};

/// An internet address, as it is counted: of IPv6, the network that one household gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V6(ip) => {
                let [a, b, c, d, ..] = ip.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            ip @ IpAddr::V4(_) => ip,
        })
    }
}

impl Address {
    /// The address that a proxy tells in `X-Forwarded-For`: the last one, which it has seen itself.
    /// All before it are only what the client claims.
    #[must_use]
    pub fn forwarded(header: &str) -> Option<Self> {
        let last = header.rsplit(',').next()?.trim();
        let last = last.trim_matches('"').trim_start_matches('[').trim_end_matches(']');
        last.parse::<IpAddr>().ok().map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(ip: &str) -> Address {
        ip.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn all_addresses_of_a_household_are_one() {
        assert_eq!(address("2001:db8:1:2::3"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::3"), address("2001:db8:1:3::3"));
        assert_eq!(address("::ffff:192.0.2.7"), address("192.0.2.7"));
        assert_ne!(address("192.0.2.7"), address("192.0.2.8"));
    }

    #[test]
    fn only_the_last_forwarder_has_seen_what_it_tells() {
        let told = Address::forwarded("198.51.100.1, 192.0.2.7");
        assert_eq!(told, Some(address("192.0.2.7")));
        assert_eq!(Address::forwarded("[2001:db8::1]"), Some(address("2001:db8::1")));
        for nothing in ["", "unknown", "192.0.2.7,", "192.0.2"] {
            assert_eq!(Address::forwarded(nothing), None, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_panic(header in ".{0,60}") {
            let _ = Address::forwarded(&header);
        }

        #[test]
        fn the_last_address_is_read(before in "[^,]{0,9}", ip in any::<[u8; 4]>()) {
            let ip = IpAddr::from(ip);
            let told = Address::forwarded(&format!("{before}, {ip}"));
            prop_assert_eq!(told, Some(ip.into()));
        }
    }
}
