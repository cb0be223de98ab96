// What the page says, in English and Korean.

const EN = {
  brand: "MAVE: Fan Club",
  gate_title: "MAVE: Fan Club",
  gate_invitation: "Siwoo, Jena, Taira and Marty are here, and they remember you.",
  token_label: "Your key",
  sign_in: "Come in",
  or_join: "new here?",
  name_label: "What shall they call you?",
  join: "Join",
  key_title: "This is your key",
  key_advice:
    "Whoever has it is you, and nobody can find it again for you. Keep it in a safe place before you go on.",
  copy: "Copy",
  copied: "Copied",
  enter: "Come in",
  other_language: "한국어",
  online: (n) => (n === 1 ? "1 fan here" : `${n} fans here`),
  memory_button: "What they know",
  sign_out: "Leave",
  members_label: "Who you talk with",
  stage_label: "On the stage",
  stage_title: "On the stage",
  stage_quiet: "The stage is quiet. Something will happen soon.",
  closeness: (n) => `Closeness ${n}`,
  unread: "new words",
  writing: (name) => `${name} is thinking`,
  write_to: (name) => `Write to ${name}`,
  send: "Send",
  stop: "Stop",
  to_end: "New words below",
  try_now: "Try now",
  retry: "Send again",
  retry_in: (s) => `Send again in ${s} s`,
  left: (n) => `${n}`,
  too_long_by: (n) => `${n} too many`,
  connecting: "Coming in …",
  lost: (s) => `The connection is lost. Trying again in ${s} s.`,
  lost_now: "The connection is lost. Trying again …",
  stopping: (s) => `The club takes a short break. Back in ${s} s.`,
  flooding: (s) => `That was too much at once. You can come back in ${s} s.`,
  too_many: (s) => `You are here in too many windows. Close one; trying again in ${s} s.`,
  full: (s) => `The house is full. Trying again in ${s} s.`,
  too_slow: (s) => `Your connection was too slow. Trying again in ${s} s.`,
  too_often: (s) => `That was tried too often. Trying again in ${s} s.`,
  stranger: "Nobody has this key. Look whether all of it is there.",
  signed_out: "You are signed out. Come in again with your key.",
  no_server: "The club cannot be reached. Try again in a moment.",
  wait: (s) => `Wait ${s} seconds, then try again.`,
  taken: "Another fan has this name. Take another.",
  bad_name: "A name is 1 to 64 letters or digits, without spaces.",
  closed: "New fans get their key from whoever runs this club.",
  not_sent: "There is no connection just now.",
  was_lost: "The connection was lost before the answer.",
  failed: (name) => `${name} lost her thread.`,
  refused: {
    slow_down: "That was fast! Give them a moment to read.",
    still_answering: "She is still answering your last message.",
    busy: "There is much to do just now.",
    too_long: "That is too long for one message.",
    empty: "There are no words in it.",
    unknown_member: "She is not here.",
    bad_frame: "The club did not understand that.",
  },
  interrupted: "You stopped her",
  memory_title: "What they know of you",
  memory_words: "All four remember what you told them. What you let them forget is gone for good.",
  memory_none: "Nothing yet. Tell them something about you.",
  forget: "Forget",
  forget_this: (text) => `Forget: ${text}`,
  forget_me: "Forget all about me",
  forget_sure: "All talks, all they know and how close you are will be gone.",
  forget_yes: "Yes, forget me",
  forget_no: "No, stay",
  forgotten: "They have forgotten you. Say hello again!",
  close: "Close",
  hello: (name) => `Say hello to ${name}`,
  hello_words: "She hears only you here.",
  openers: ["Hi! How was your day?", "I heard your new song!", "What makes you happy?"],
  feelings: {
    neutral: "calm",
    joy: "happy",
    sad: "sad",
    angry: "cross",
    surprised: "surprised",
    shy: "shy",
    love: "in a warm mood",
    playful: "in a teasing mood",
  },
};

const KO = {
  brand: "MAVE: 팬클럽",
  gate_title: "MAVE: 팬클럽",
  gate_invitation: "시우, 제나, 타이라, 마티가 기다리고 있어요. 당신을 기억하면서요.",
  token_label: "내 열쇠",
  sign_in: "들어가기",
  or_join: "처음 오셨나요?",
  name_label: "뭐라고 부를까요?",
  join: "가입하기",
  key_title: "이게 당신의 열쇠예요",
  key_advice:
    "이 열쇠를 가진 사람이 곧 당신이고, 잃어버리면 아무도 찾아 줄 수 없어요. 먼저 안전한 곳에 적어 두세요.",
  copy: "복사",
  copied: "복사했어요",
  enter: "들어가기",
  other_language: "English",
  online: (n) => `팬 ${n}명 접속 중`,
  memory_button: "나에 대한 기억",
  sign_out: "나가기",
  members_label: "대화할 멤버",
  stage_label: "무대",
  stage_title: "지금 무대에서는",
  stage_quiet: "무대가 조용해요. 곧 무슨 일이 생길 거예요.",
  closeness: (n) => `친밀도 ${n}`,
  unread: "새 메시지",
  writing: (name) => `${name} 님이 생각하는 중`,
  write_to: (name) => `${name}에게 메시지 쓰기`,
  send: "보내기",
  stop: "그만",
  to_end: "아래에 새 메시지",
  try_now: "지금 다시",
  retry: "다시 보내기",
  retry_in: (s) => `${s}초 뒤 다시 보내기`,
  left: (n) => `${n}`,
  too_long_by: (n) => `${n}자 초과`,
  connecting: "들어가는 중 …",
  lost: (s) => `연결이 끊겼어요. ${s}초 뒤에 다시 연결할게요.`,
  lost_now: "연결이 끊겼어요. 다시 연결하는 중 …",
  stopping: (s) => `팬클럽이 잠깐 쉬어요. ${s}초 뒤에 다시 올게요.`,
  flooding: (s) => `한꺼번에 너무 많이 보냈어요. ${s}초 뒤에 다시 들어올 수 있어요.`,
  too_many: (s) => `열린 창이 너무 많아요. 하나를 닫아 주세요. ${s}초 뒤에 다시 해 볼게요.`,
  full: (s) => `자리가 꽉 찼어요. ${s}초 뒤에 다시 해 볼게요.`,
  too_slow: (s) => `연결이 너무 느렸어요. ${s}초 뒤에 다시 연결할게요.`,
  too_often: (s) => `너무 자주 시도했어요. ${s}초 뒤에 다시 해 볼게요.`,
  stranger: "이 열쇠의 주인이 없어요. 빠진 글자가 없는지 봐 주세요.",
  signed_out: "로그아웃되었어요. 열쇠로 다시 들어와 주세요.",
  no_server: "팬클럽에 연결할 수 없어요. 잠시 뒤에 다시 해 주세요.",
  wait: (s) => `${s}초 기다린 뒤에 다시 해 주세요.`,
  taken: "다른 팬이 쓰는 이름이에요. 다른 이름을 골라 주세요.",
  bad_name: "이름은 띄어쓰기 없이 글자나 숫자 1~64자로 써 주세요.",
  closed: "새 팬의 열쇠는 운영자에게서 받을 수 있어요.",
  not_sent: "지금은 연결이 끊겨 있어요.",
  was_lost: "대답이 오기 전에 연결이 끊겼어요.",
  failed: (name) => `${name} 님이 하려던 말을 놓쳤어요.`,
  refused: {
    slow_down: "너무 빨라요! 읽을 시간을 조금만 주세요.",
    still_answering: "아직 지난 메시지에 대답하는 중이에요.",
    busy: "지금은 조금 바빠요.",
    too_long: "한 번에 보내기엔 너무 길어요.",
    empty: "내용이 비어 있어요.",
    unknown_member: "지금 여기 없는 멤버예요.",
    bad_frame: "팬클럽이 알아듣지 못했어요.",
  },
  interrupted: "말을 멈췄어요",
  memory_title: "멤버들이 아는 나",
  memory_words: "네 명 모두 당신이 들려준 이야기를 기억해요. 잊게 한 것은 영영 사라져요.",
  memory_none: "아직 없어요. 당신 이야기를 들려주세요.",
  forget: "잊기",
  forget_this: (text) => `잊기: ${text}`,
  forget_me: "나를 모두 잊어 줘",
  forget_sure: "모든 대화와 기억, 쌓은 친밀도가 사라져요.",
  forget_yes: "네, 잊어 주세요",
  forget_no: "아니요",
  forgotten: "모두 잊었어요. 다시 인사해 볼까요?",
  close: "닫기",
  hello: (name) => `${name}에게 인사해 보세요`,
  hello_words: "여기서는 당신의 말만 들어요.",
  openers: ["안녕! 오늘 하루 어땠어?", "새 노래 들었어!", "요즘 뭐가 제일 행복해?"],
  feelings: {
    neutral: "차분한 기분",
    joy: "기쁜 기분",
    sad: "슬픈 기분",
    angry: "뾰로통한 기분",
    surprised: "깜짝 놀람",
    shy: "부끄러운 기분",
    love: "따뜻한 마음",
    playful: "장난스러운 기분",
  },
};

let words = EN;

/** The words for a key; those that need it are given values. */
export function say(key, ...values) {
  const found = words[key];
  return typeof found === "function" ? found(...values) : found;
}

/** The words for a key of a group, or the key itself if a game has added it. */
export function sayOf(group, key) {
  return Object.hasOwn(words[group], key) ? words[group][key] : key.replaceAll("_", " ");
}

/** Whether there are words for a key. */
export const knows = (key) => Object.hasOwn(words, key);

export function speakAs(language) {
  words = language === "ko" ? KO : EN;
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-text]")) {
    node.textContent = say(node.dataset.text);
  }
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", say(node.dataset.label));
  }
  document.title = say("brand");
}

export const language = () => (words === KO ? "ko" : "en");
