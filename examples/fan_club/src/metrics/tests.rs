use super::*;

#[test]
fn what_is_counted_is_told_under_its_name() {
    let metrics = Metrics::default();
    metrics.connected();
    metrics.message();
    metrics.refused(Refusal::SlowDown);
    metrics.turned_away("stranger");
    metrics.replied("siwoo", Outcome::Complete);
    metrics.replied("siwoo", Outcome::Failed);
    metrics.first_words(Duration::from_millis(300));
    metrics.reply_took(Duration::from_secs(3));
    metrics.kept();
    metrics.keep_failed();
    metrics.moment();
    metrics.set_fans(7);
    metrics.set_open_replies(3);
    let text = metrics.text();
    for line in [
        "fan_club_connections 1",
        "fan_club_fans 7",
        "fan_club_open_replies 3",
        "fan_club_messages_total 1",
        r#"fan_club_refused_total{reason="slow_down"} 1"#,
        r#"fan_club_turned_away_total{reason="stranger"} 1"#,
        r#"fan_club_replies_total{member="siwoo",outcome="complete"} 1"#,
        r#"fan_club_replies_total{member="siwoo",outcome="failed"} 1"#,
        r#"fan_club_first_words_seconds_bucket{le="0.5"} 1"#,
        r#"fan_club_reply_seconds_bucket{le="2.0"} 0"#,
        "fan_club_kept_total 1",
        "fan_club_keep_failures_total 1",
        "fan_club_stage_moments_total 1",
    ] {
        assert!(text.lines().any(|told| told == line), "no `{line}` in\n{text}");
    }
}
