// Sends what is chosen with the event "choose": {label, place} of an image on the sheet, or {content}
// of a file, in base64. `element` and `trigger` are Gradio's; MOST_BYTES is put in by picker.py.
const note = element.querySelector(".note");
const area = element.querySelector(".upload");
const file = element.querySelector("input[type=file]");

function say(text) {
  note.textContent = text;
}

// On a narrow window the answer is below: go there.
function choose(data) {
  trigger("choose", data);
  if (matchMedia("(max-width: 700px)").matches) {
    document.getElementById("answer").scrollIntoView({ behavior: "smooth" });
  }
}

function send(picture) {
  say("");
  if (picture.size > MOST_BYTES) {
    const size = (picture.size / 1e6).toFixed(1);
    say(`${picture.name} is too large: at most ${MOST_BYTES / 1e6} MB are read. Received: ${size} MB.`);
    return;
  }
  const reader = new FileReader();
  reader.onerror = () => say(`${picture.name} cannot be read.`);
  reader.onload = () => {
    const chosen = element.querySelector("input[type=radio]:checked");
    if (chosen) chosen.checked = false;
    choose({ content: reader.result.split(",", 2)[1] || "" });
  };
  reader.readAsDataURL(picture);
}

element.addEventListener("change", (event) => {
  if (event.target === file) {
    if (file.files.length) send(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
  } else {
    say("");
    const [label, place] = event.target.value.split("/").map(Number);
    choose({ label, place });
  }
});

area.addEventListener("dragover", (event) => {
  event.preventDefault();
  area.classList.add("over");
});
area.addEventListener("dragleave", () => area.classList.remove("over"));
area.addEventListener("drop", (event) => {
  event.preventDefault();
  area.classList.remove("over");
  if (event.dataTransfer.files.length) send(event.dataTransfer.files[0]);
});
