// Pictures that were drawn on paper are packed too: each is unpacked when it comes near the screen.
const showPicture = async (image) => {
  const { packed } = image.dataset;
  if (!packed) return;
  delete image.dataset.packed;
  image.src = URL.createObjectURL(new Blob([await unpack(packed)], { type: "image/svg+xml" }));
  await image.decode().catch(() => {});
};
whenOpened.push((part) => whenNear(all("img[data-packed]", part), showPicture));
