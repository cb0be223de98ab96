//! TCP connections that do not wait for ever for a client that is slow on purpose.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Sleep, sleep_until},
};

use crate::limits::Limits;

/// How many connections may be open beside those of fans who are here.
const SPARE: usize = 512;

/// A listener whose connections have deadlines.
pub struct Wire {
    listener: TcpListener,
    seats: Arc<Semaphore>,
    patience: Duration,
}

impl Wire {
    pub fn new(listener: TcpListener, limits: &Limits) -> Self {
        let seats = limits.connections.saturating_add(SPARE).min(Semaphore::MAX_PERMITS);
        Self { listener, seats: Arc::new(Semaphore::new(seats)), patience: limits.patience }
    }
}

impl Listener for Wire {
    type Io = Line;
    type Addr = Peer;

    async fn accept(&mut self) -> (Line, Peer) {
        // Nobody closes the semaphore; who is not counted may come in all the same.
        let seat = Arc::clone(&self.seats).acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Words are to be seen when they are said. A stream that cannot do it is slower, no more.
        let _ = stream.set_nodelay(true);
        let clock = Arc::new(Clock::new(self.patience));
        clock.start();
        let sleep = Box::pin(sleep_until(Instant::now()));
        (Line { stream, clock: Arc::clone(&clock), sleep, _seat: seat }, Peer { address, clock })
    }

    fn local_addr(&self) -> io::Result<Peer> {
        let address = self.listener.local_addr()?;
        Ok(Peer { address, clock: Arc::new(Clock::new(self.patience)) })
    }
}

/// The other end of a connection.
#[derive(Debug, Clone)]
pub struct Peer {
    pub address: SocketAddr,
    pub clock: Arc<Clock>,
}

impl Connected<IncomingStream<'_, Wire>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Wire>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Until when a client has to have sent a request, and taken its answer.
#[derive(Debug)]
pub struct Clock {
    patience: Duration,
    deadline: Mutex<Option<Instant>>,
}

impl Clock {
    fn new(patience: Duration) -> Self {
        Self { patience, deadline: Mutex::new(None) }
    }

    /// The client's time runs.
    pub fn start(&self) {
        self.set(Instant::now().checked_add(self.patience));
    }

    /// It does not: the server works, or the connection is a WebSocket, which sees to itself.
    pub fn pause(&self) {
        self.set(None);
    }

    fn set(&self, deadline: Option<Instant>) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    fn deadline(&self) -> Option<Instant> {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection with a deadline.
pub struct Line {
    stream: TcpStream,
    clock: Arc<Clock>,
    sleep: Pin<Box<Sleep>>,
    _seat: Option<OwnedSemaphorePermit>,
}

impl Line {
    /// An error once the client's time is over; until then the task is woken when it is.
    fn in_time(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        let Some(deadline) = self.clock.deadline() else { return Ok(()) };
        if self.sleep.deadline() != deadline {
            self.sleep.as_mut().reset(deadline);
        }
        match self.sleep.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.in_time(context)?;
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.in_time(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
