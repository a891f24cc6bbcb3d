/** Save what the stage shows as PNG, on the backdrop that the page lays behind it. */
export function saveSnapshot(canvas, [top, bottom], name) {
  const picture = document.createElement("canvas");
  picture.width = canvas.width;
  picture.height = canvas.height;
  const pen = picture.getContext("2d");
  const backdrop = pen.createLinearGradient(0, 0, 0, picture.height);
  backdrop.addColorStop(0.08, top);
  backdrop.addColorStop(0.58, bottom);
  backdrop.addColorStop(1, top);
  pen.fillStyle = backdrop;
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.drawImage(canvas, 0, 0);
  const link = document.createElement("a");
  link.href = picture.toDataURL("image/png");
  link.download = name;
  link.click();
}
