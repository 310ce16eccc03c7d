// Scans a code with the camera, where the browser knows how (Barcode Detection API). Without it the field takes what a scanner or a person types.
const detector = "BarcodeDetector" in window && navigator.mediaDevices ? new BarcodeDetector({ formats: ["qr_code", "code_128"] }) : null;

document.querySelectorAll("[data-scan]").forEach((part) => {
  if (!detector) return;
  part.hidden = false;
  const [button, video, failed] = ["button", "video", "[role=status]"].map((name) => part.querySelector(name));
  const field = document.getElementById(part.dataset.scan);
  let stream;
  const stop = () => { stream?.getTracks().forEach((track) => track.stop()); stream = null; video.hidden = true; button.hidden = false; };
  addEventListener("pagehide", stop);
  button.addEventListener("click", async () => {
    failed.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      failed.hidden = false;
      return;
    }
    video.srcObject = stream;
    video.hidden = false;
    button.hidden = true;
    await video.play();
    while (stream) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found) {
        stop();
        field.value = found.rawValue;
        field.form.requestSubmit(field.form.querySelector("button[value=scan]") ?? undefined);
        return;
      }
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
});
