// The few emoji names that bots write; an unknown name is shown as it was written.

const EMOJI = {
  wave: "👋", tada: "🎉", eyes: "👀", bulb: "💡", bell: "🔔", lock: "🔒", key: "🔑", link: "🔗", fire: "🔥",
  rocket: "🚀", sparkles: "✨", star: "⭐", heart: "❤️", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎",
  smile: "😄", slightly_smiling_face: "🙂", joy: "😂", thinking_face: "🤔", pray: "🙏", clap: "👏", raised_hands: "🙌",
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", no_entry: "⛔", information_source: "ℹ️",
  question: "❓", exclamation: "❗", hourglass: "⌛", hourglass_flowing_sand: "⏳", clock1: "🕐", calendar: "📆", date: "📅",
  red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡", large_blue_circle: "🔵", white_circle: "⚪",
  record_button: "⏺️", pause_button: "⏸️", double_vertical_bar: "⏸️", arrow_forward: "▶️", black_square_for_stop: "⏹️",
  movie_camera: "🎥", video_camera: "📹", camera: "📷", clapper: "🎬", microphone: "🎤", studio_microphone: "🎙️",
  headphones: "🎧", speech_balloon: "💬", memo: "📝", page_facing_up: "📄", bar_chart: "📊", inbox_tray: "📥",
  outbox_tray: "📤", satellite_antenna: "📡", door: "🚪", house: "🏠", coffee: "☕", point_right: "👉", point_up: "☝️",
};

/** Give the character of an emoji name, or the name in colons. */
export function emoji(name) {
  return EMOJI[name] ?? `:${name}:`;
}

/** Replace the known emoji names in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name));
}
