/* The phone pages of officers: saving by PUT, photos one by one, position, signatures.
   Without this file the same pages are plain forms. Protocol: docs/phone-protocol.md. */
(function () {
  "use strict";
  const source = document.getElementById("phone-data");
  if (!source || !window.fetch || !window.crypto || !crypto.subtle) return;
  const phone = JSON.parse(source.textContent);
  const doc = phone.document;
  const say = (key) => phone.words[key] || key;
  const $ = (css, root) => (root || document).querySelector(css);
  const $$ = (css, root) => Array.from((root || document).querySelectorAll(css));
  const uuid = () => crypto.randomUUID ? crypto.randomUUID()
    : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
      (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));
  $$(".needs-js").forEach((node) => { node.hidden = false; });

  /* ---- what people read ---- */
  const state = $("#save-state");
  const show = (key) => { if (state) state.textContent = say(key); };
  const notice = (text, link) => {
    const box = $("#phone-notice");
    if (!text) return box.replaceChildren();
    const line = document.createElement("p");
    line.className = "say say-bad";
    line.textContent = text;
    if (link) line.append(" ", link);
    box.replaceChildren(line);
    box.scrollIntoView({ block: "nearest" });
  };
  const anchor = (url, text) => {
    const link = document.createElement("a");
    link.href = url; link.textContent = text;
    return link;
  };

  /* ---- the wire: a fresh token when one is refused, sign-in when signed out ---- */
  let token = ($("[name=csrfmiddlewaretoken]") || {}).value || "";
  const refresh = async () => {
    const answer = await fetch(phone.session, { cache: "no-store" });
    const who = await answer.json();
    token = who.csrf;
    return who.signed_in;
  };
  const send = async (method, url, body, headers, again) => {
    const answer = await fetch(url, { method, body, headers: { "X-CSRFToken": token, Accept: "application/json", ...headers } });
    if ((answer.status === 403 || answer.status === 401) && !again && await refresh()) return send(method, url, body, headers, true);
    return answer;
  };
  const problem = async (answer) => {
    let told = {};
    try { told = await answer.json(); } catch (error) { told = {}; }
    if (answer.status === 401) {
      notice(say("signed_out"), anchor("/accounts/login/?next=" + encodeURIComponent(location.pathname), say("sign_in")));
    } else if (told.code === "other_window") {
      notice(told.detail, anchor(location.href, say("reload")));
    } else {
      notice(told.detail || say("failed"));
    }
    return told;
  };

  /* ---- the document: saved whole, 300 ms after the last change; a copy stays on the phone ---- */
  const kept = "mingshu:" + phone.user + ":" + phone.uuid;
  const keep = () => { try { localStorage.setItem(kept, JSON.stringify(doc)); } catch (error) { /* full */ } };
  const forget = () => { try { localStorage.removeItem(kept); } catch (error) { /* none */ } };
  let timer = 0, wait = 5000, running = Promise.resolve(true), changed = false;
  const changes = () => {
    changed = true;
    keep();
    show("unsaved");
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  };
  const put = async () => {
    if (!changed) return true;
    changed = false;
    doc.revision += 1;
    doc.device_time = new Date().toISOString();
    show("saving");
    let answer;
    try {
      answer = await send("PUT", phone.save, JSON.stringify(doc), { "Content-Type": "application/json" });
    } catch (error) {
      changed = true;
      doc.revision -= 1;
      show("offline");
      clearTimeout(timer);
      timer = setTimeout(save, wait);
      wait = Math.min(wait * 2, 300000);
      return false;
    }
    wait = 5000;
    if (answer.ok) { notice(""); if (!changed) { forget(); show("saved"); } return true; }
    changed = answer.status >= 500 || answer.status === 401 || answer.status === 403;
    if (changed) { doc.revision -= 1; clearTimeout(timer); timer = setTimeout(save, wait); }
    show("not_saved");
    await problem(answer);
    return false;
  };
  const save = () => { running = running.then(put, put); return running; };
  const flush = async () => { clearTimeout(timer); return save(); };
  document.addEventListener("visibilitychange", () => { if (document.hidden && changed) flush(); });
  addEventListener("online", () => { if (changed) flush(); });
  const restore = () => {
    let left = null;
    try { left = JSON.parse(localStorage.getItem(kept) || "null"); } catch (error) { left = null; }
    if (!left || left.schema !== doc.schema || left.revision < doc.revision) return forget();
    Object.assign(doc, left);
    changes();
  };

  /* ---- one section ---- */
  const form = $("#section-form");
  const answerOf = (code) => doc.answers.find((answer) => answer.item === code);
  const read = (box) => {
    const code = box.dataset.item;
    const picked = $("[type=radio]:checked", box);
    const at = doc.answers.findIndex((answer) => answer.item === code);
    if (!picked) return;
    const was = at < 0 ? { item: code, uuid: uuid() } : doc.answers[at];
    const now = Object.assign({}, was, {
      value: picked.value,
      note: $("textarea", box).value,
      fixed: Boolean($("[name^=fixed_]:checked", box)),
      fix_note: ($("[name^=fix_note_]", box) || { value: "" }).value,
    });
    if (at < 0) doc.answers.push(now); else doc.answers[at] = now;
  };
  const fill = (box) => {
    const answer = answerOf(box.dataset.item);
    if (!answer) return;
    const radio = $("[type=radio][value=" + answer.value + "]", box);
    if (radio) radio.checked = true;
    $("textarea", box).value = answer.note || "";
    if (answer.value === "NO") $(".trouble", box).open = true;
  };
  const count = () => {
    const all = $$(".question");
    const open = all.filter((box) => !$("[type=radio]:checked", box)).length;
    const noes = $$(".question [value=NO]:checked").length;
    const line = $("#unanswered");
    if (line) line.textContent = say("open").replace("{n}", open) + " · " + say("problems").replace("{n}", noes);
  };
  const onSection = () => {
    restore();
    $$(".question").forEach(fill);
    count();
    form.addEventListener("input", (event) => {
      const box = event.target.closest(".question");
      if (!box || event.target.type === "file" || event.isComposing) return;
      read(box);
      changes();
    });
    form.addEventListener("change", (event) => {
      const box = event.target.closest(".question");
      if (!box) return;
      if (event.target.type === "file") return take(box, event.target);
      if (event.target.value === "NO" && event.target.type === "radio") {
        const more = $(".trouble", box);
        more.open = true;
        $("textarea", box).focus({ preventScroll: true });
      }
      count();
    });
    form.addEventListener("click", (event) => {
      const chip = event.target.closest("[data-phrase]");
      if (!chip) return;
      const box = chip.closest(".question"), text = $("textarea", box);
      text.value = text.value ? text.value + "；" + chip.dataset.phrase : chip.dataset.phrase;
      if (!$("[type=radio]:checked", box)) $("[value=NO]", box).checked = true;
      read(box); count(); changes();
    });
    $$("[data-fill]").forEach((button) => button.addEventListener("click", () => {
      $$(".question").filter((box) => !$("[type=radio]:checked", box)).forEach((box) => {
        $("[type=radio][value=" + button.dataset.fill + "]", box).checked = true;
        read(box);
      });
      count(); changes();
    }));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if ($("[data-photo].is-waiting")) return notice(say("photos_wait"));
      if (await flush()) location.href = form.dataset.next;
    }, true);
    $$("[data-photos]").forEach((list) => $$("[data-photo]", list).forEach(removable));
  };

  /* ---- photos: made smaller, hashed, sent one by one; each is acknowledged by its hash ---- */
  const hash = async (blob) => {
    const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
    return Array.from(new Uint8Array(digest)).map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const smaller = async (file) => {
    try {
      const full = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, 1600 / Math.max(full.width, full.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(full.width * scale);
      canvas.height = Math.round(full.height * scale);
      canvas.getContext("2d").drawImage(full, 0, 0, canvas.width, canvas.height);
      full.close();
      return await new Promise((done) => canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.7));
    } catch (error) {
      return file; /* the server takes HEIC and says what it does not take */
    }
  };
  const sendPhoto = async (id, blob, role) => {
    const sha256 = await hash(blob);
    const headers = { "X-Content-SHA256": sha256, "X-Photo-Role": role, "X-Captured-At": new Date().toISOString(), "Content-Type": "application/octet-stream" };
    const place = doc.position;
    if (place && place.latitude != null) headers["X-Position"] = [place.latitude, place.longitude, place.accuracy || 0].join(",");
    const answer = await send("PUT", phone.save + "/photos/" + id, blob, headers);
    if (!answer.ok) { await problem(answer); return null; }
    return answer.json();
  };
  const take = async (box, input) => {
    const code = box.dataset.item, list = $("[data-photos]", box);
    const files = Array.from(input.files);
    input.value = "";
    if (!(await flush())) return notice(say("offline"));
    for (const file of files) {
      const line = document.createElement("li");
      line.className = "is-waiting";
      line.dataset.photo = uuid();
      line.textContent = say("sending");
      list.append(line);
      await deliver(line, await smaller(file), code);
    }
  };
  const deliver = async (line, blob, code) => {
    let got = null;
    try { got = await sendPhoto(line.dataset.photo, blob, "photo"); } catch (error) { got = null; }
    if (!got) {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn-outline-secondary btn-sm";
      again.textContent = say("again");
      again.addEventListener("click", () => { line.textContent = say("sending"); deliver(line, blob, code); });
      line.textContent = say("photo_failed") + " ";
      line.append(again);
      return;
    }
    line.classList.remove("is-waiting");
    const picture = document.createElement("img");
    picture.src = got.thumb;
    picture.alt = say("photo");
    line.replaceChildren(picture);
    removable(line);
    doc.photos.push({ uuid: got.uuid, sha256: got.sha256, item: code });
    changes();
  };
  const removable = (line) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-secondary btn-sm";
    button.textContent = say("remove");
    button.addEventListener("click", () => {
      doc.photos = doc.photos.filter((photo) => photo.uuid !== line.dataset.photo);
      line.remove();
      changes();
    });
    line.append(button);
  };

  /* ---- position ---- */
  const onPeople = (button) => {
    const told = $("#located");
    let watch = null;
    const mark = (found) => {
      const metres = Math.round(found.coords.accuracy);
      $("[name=latitude]").value = found.coords.latitude.toFixed(6);
      $("[name=longitude]").value = found.coords.longitude.toFixed(6);
      $("[name=accuracy]").value = metres;
      $("[name=position_source][value=gps]").checked = true;
      told.textContent = say("accuracy").replace("{n}", metres) + (metres > 100 ? " " + say("rough") : "");
      if (metres <= 30) navigator.geolocation.clearWatch(watch);
    };
    const fail = (error) => { told.textContent = say(error.code === 1 ? "denied" : "no_position"); };
    button.addEventListener("click", () => {
      if (!navigator.geolocation) return fail({ code: 2 });
      told.textContent = say("locating");
      watch = navigator.geolocation.watchPosition(mark, fail, { enableHighAccuracy: true, timeout: 30000, maximumAge: 10000 });
    });
  };

  /* ---- signatures and the end ---- */
  const pads = {};
  const pad = (box) => {
    const canvas = $("canvas", box), pen = canvas.getContext("2d");
    const made = { canvas, used: false };
    const wipe = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height); made.used = false; };
    const at = (event) => {
      const seen = canvas.getBoundingClientRect();
      return [(event.clientX - seen.left) * canvas.width / seen.width, (event.clientY - seen.top) * canvas.height / seen.height];
    };
    let down = false;
    wipe();
    pen.lineWidth = 3; pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = "#1b2330";
    canvas.addEventListener("pointerdown", (event) => {
      down = made.used = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...at(event));
      pen.lineTo(...at(event));
      pen.stroke();
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!down) return;
      (event.getCoalescedEvents ? event.getCoalescedEvents() : [event]).forEach((point) => pen.lineTo(...at(point)));
      pen.stroke();
    });
    ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => { down = false; }));
    $("[data-wipe]", box).addEventListener("click", wipe);
    pads[box.dataset.sign] = made;
  };
  const signature = async (role, file) => {
    const made = pads[role];
    const drawn = made && made.used ? await new Promise((done) => made.canvas.toBlob(done, "image/png")) : null;
    const blob = drawn || (file && file.files[0]);
    if (!blob) return true;
    const got = await sendPhoto(made.uuid || (made.uuid = uuid()), blob, role);
    if (!got) { made.uuid = null; return false; }
    doc.photos = doc.photos.filter((photo) => photo.uuid !== got.uuid).concat({ uuid: got.uuid, sha256: got.sha256, role });
    return true;
  };
  const onSign = (sheet) => {
    $$("[data-sign]").forEach(pad);
    $$(".or-file").forEach((box) => { box.open = false; });
    const turn = () => {
      const chosen = $("[name=party]:checked", sheet).value;
      $$("[data-when]", sheet).forEach((node) => { node.hidden = !node.dataset.when.split(" ").includes(chosen); });
    };
    sheet.addEventListener("change", turn);
    turn();
    sheet.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = $("[type=submit]", sheet);
      button.disabled = true;
      try { await handIn(sheet); } catch (error) { notice(say("offline")); }
      button.disabled = false;
    }, true);
  };
  const handIn = async (sheet) => {
    const value = (name) => { const found = $("[name=" + name + "]", sheet); return found ? found.value : ""; };
    const party = $("[name=party]:checked", sheet).value;
    notice("");
    if (party === "signed" && !(await signature("party_signature", $("[name=party_file]", sheet)))) return;
    if (!(await signature("officer_signature", $("[name=officer_file]", sheet)))) return;
    const body = {
      schema: doc.schema,
      expected: doc.photos.map((photo) => ({ uuid: photo.uuid, sha256: photo.sha256 })),
      signing: {
        party, signer_name: value("signer_name"), signer_post: value("signer_post"), refusal_reason: value("refusal_reason"),
        witness_name: value("witness_name"), statement: value("statement"), serve_now: Boolean($("[name=serve_now]:checked", sheet)),
      },
    };
    const answer = await send("POST", sheet.dataset.finalize, JSON.stringify(body), { "Content-Type": "application/json" });
    if (!answer.ok) { await problem(answer); return; }
    const told = await answer.json();
    if (told.state === "complete") { forget(); location.href = sheet.dataset.done; return; }
    notice(say("missing").replace("{n}", told.missing.length));
  };

  if (form) onSection();
  if ($("#locate")) onPeople($("#locate"));
  if ($("#sign-form")) onSign($("#sign-form"));
})();
