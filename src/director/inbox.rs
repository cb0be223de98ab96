//! Collects what the director has to know, until it is its turn.

use bevy::prelude::*;

use super::{Choose, GoOn, PlayScene, ResumeScene, StopScene};
use crate::{
    dialogue::{AskId, FanSpoke, ReplyFailed, ReplyFinished, ReplyStarted},
    scene::SavedScene,
};

/// What has happened since the director looked last.
#[derive(Debug, Default, Resource)]
pub(super) struct Inbox(Vec<Notice>);

/// Something that has happened.
#[derive(Debug)]
pub(super) enum Notice {
    Play(PlayScene),
    Resume(Box<SavedScene>),
    Stop,
    Choose(usize),
    GoOn,
    Heard(Remark),
    Reply(ReplyNotice),
}

/// What the fan said, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) to: Entity,
    pub(super) text: String,
}

/// Something about a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ReplyNotice {
    Began(AskId),
    /// With what was said, if it ended well.
    Ended(AskId, Option<String>),
}

impl Inbox {
    /// All of it, in order.
    pub(super) fn take(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Lets an app collect.
pub(super) fn collect(app: &mut App) {
    app.init_resource::<Inbox>()
        .add_observer(|play: On<PlayScene>, mut inbox: ResMut<Inbox>| {
            inbox.0.push(Notice::Play(play.event().clone()));
        })
        .add_observer(|resume: On<ResumeScene>, mut inbox: ResMut<Inbox>| {
            inbox.0.push(Notice::Resume(Box::new(resume.0.clone())));
        })
        .add_observer(|_: On<StopScene>, mut inbox: ResMut<Inbox>| inbox.0.push(Notice::Stop))
        .add_observer(|choose: On<Choose>, mut inbox: ResMut<Inbox>| {
            inbox.0.push(Notice::Choose(choose.0));
        })
        .add_observer(|_: On<GoOn>, mut inbox: ResMut<Inbox>| inbox.0.push(Notice::GoOn))
        .add_observer(|spoke: On<FanSpoke>, mut inbox: ResMut<Inbox>| {
            let FanSpoke { entity: to, text } = spoke.event().clone();
            inbox.0.push(Notice::Heard(Remark { to, text }));
        })
        .add_observer(|began: On<ReplyStarted>, mut inbox: ResMut<Inbox>| {
            inbox.0.push(Notice::Reply(ReplyNotice::Began(began.ask)));
        })
        .add_observer(|ended: On<ReplyFinished>, mut inbox: ResMut<Inbox>| {
            let text = Some(ended.text.clone());
            inbox.0.push(Notice::Reply(ReplyNotice::Ended(ended.ask, text)));
        })
        .add_observer(|failed: On<ReplyFailed>, mut inbox: ResMut<Inbox>| {
            inbox.0.push(Notice::Reply(ReplyNotice::Ended(failed.ask, None)));
        });
}
