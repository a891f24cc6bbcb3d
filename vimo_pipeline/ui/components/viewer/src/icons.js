const PATHS = {
  play: '<path d="M7 4.8v14.4a.8.8 0 0 0 1.2.7l11.6-7.2a.8.8 0 0 0 0-1.4L8.2 4.1A.8.8 0 0 0 7 4.8Z" fill="currentColor"/>',
  pause: '<rect x="6" y="4.5" width="4.2" height="15" rx="1.2" fill="currentColor"/><rect x="13.8" y="4.5" width="4.2" height="15" rx="1.2" fill="currentColor"/>',
  home: '<path d="M4 9V5.5A1.5 1.5 0 0 1 5.5 4H9M15 4h3.5A1.5 1.5 0 0 1 20 5.5V9M20 15v3.5a1.5 1.5 0 0 1-1.5 1.5H15M9 20H5.5A1.5 1.5 0 0 1 4 18.5V15"/><circle cx="12" cy="12" r="2.5"/>',
  follow: '<circle cx="12" cy="5.5" r="2"/><path d="M12 9v5.5M8.5 20l3.5-5.5 3.5 5.5M7.5 11.5h9"/>',
  feet: '<path d="M8.5 4c2 0 2.8 2 2.6 4.5-.2 2-.7 3.2-.7 4.5H6.5c0-1.5-1-3-1-5.2C5.5 5.5 6.6 4 8.5 4ZM6.6 15.5h3.7c0 2-.6 3-1.9 3s-1.8-1.2-1.8-3ZM16 7c1.7 0 2.8 1.4 2.8 3.5 0 2-1 3.3-1 4.8h-3.7c0-1.3-.5-2.3-.7-4.2C13.2 8.8 14.2 7 16 7ZM14.2 17.5h3.6c0 1.7-.5 2.8-1.8 2.8s-1.8-1-1.8-2.8Z"/>',
  film: '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="M7.5 5.5v13M16.5 5.5v13M3.5 12h17"/>',
  photo: '<path d="M4 8.5A1.5 1.5 0 0 1 5.5 7h2l1.5-2h6l1.5 2h2A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5Z"/><circle cx="12" cy="13" r="3.3"/>',
  loop: '<path d="M17 3.5 20 6.5l-3 3M4 12V9.5a3 3 0 0 1 3-3h13M7 20.5l-3-3 3-3M20 12v2.5a3 3 0 0 1-3 3H4"/>',
  wide: '<path d="M14 4h6v6M10 20H4v-6M20 4l-7 7M4 20l7-7"/>',
};

/** An icon as SVG text in the colour of the words around it. */
export function icon(name) {
  return `<svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${PATHS[name]}</svg>`;
}
