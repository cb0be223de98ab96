// The connection to the club: signs in, comes back when it is lost, and says how it is.

const FIRST_WAIT = 0.5;
const LONGEST_WAIT = 15;

export class Link {
  #token = null;
  #socket = null;
  #timer = null;
  #tries = 0;
  #turn = 0;
  #parting = null;
  #on;

  /** `on` has `frame(frame)`, `state(kind, reason, until)` and `stranger(reason)`. */
  constructor(on) {
    this.#on = on;
    addEventListener("online", () => this.tryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.tryNow();
    });
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN && this.#tries === 0;
  }

  start(token) {
    this.stop();
    this.#token = token;
    this.#tries = 0;
    this.#connect("connecting");
  }

  stop() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#socket?.close();
    this.#socket = null;
    this.#token = null;
  }

  tryNow() {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#connect("lost_now");
  }

  send(frame) {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  async #connect(state) {
    const turn = ++this.#turn;
    this.#timer = null;
    this.#parting = null;
    // Not open before the welcome.
    this.#tries += 1;
    this.#on.state(state);
    const asked = await ask("/api/me", this.#token);
    if (turn !== this.#turn) return;
    if (asked.status === 401) return this.#on.stranger("stranger");
    const trouble = asked.status === 200 ? asked.body.turned_away : asked.body;
    if (trouble?.error || asked.status !== 200) {
      return this.#wait(trouble?.error ?? "lost", trouble?.retry_after);
    }
    this.#open(turn);
  }

  #open(turn) {
    const url = new URL("/ws", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, ["persona.v1", `bearer.${this.#token}`]);
    this.#socket = socket;
    socket.addEventListener("message", (event) => {
      if (turn === this.#turn) this.#hear(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      if (turn !== this.#turn) return;
      this.#socket = null;
      if (this.#parting === "signed_out") return this.#on.stranger("signed_out");
      if (this.#parting === "flooding") return this.#wait("flooding", 30);
      this.#wait({ shutting_down: "stopping", too_slow: "too_slow" }[this.#parting] ?? "lost");
    });
  }

  #hear(frame) {
    if (frame.type === "bye") this.#parting = frame.reason;
    if (frame.type === "welcome" && this.#tries > 0) {
      this.#tries = 0;
      this.#on.state("open");
    }
    this.#on.frame(frame);
  }

  #wait(reason, seconds) {
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.#tries, 10));
    // Not all who lost the server come back in the same moment.
    const wait = seconds ?? longest * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#connect("lost_now"), wait * 1000);
    this.#on.state("waiting", reason, Date.now() + wait * 1000);
  }
}

/** Asks the server for something beside the socket: `{ status, body }`, status 0 if it is not reached. */
export async function ask(path, token, body) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(8000),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: {} };
  }
}
