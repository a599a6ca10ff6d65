/**
 * The icon set: 16 px drawings with a 1.4 px line in the current colour, imported one by one so that only those used are
 * shipped. `size` 16 (rail, palette), 14 (beside text), 12 (in rows and tags); the line grows thicker as they shrink, which keeps
 * the weight of the text next to them. Icons are decoration: hidden from screen readers, always beside a word or a label.
 */
import type { ReactNode } from "react";
import styles from "./icons.module.css";

/** Props of every icon. */
export interface IconProps {
  size?: 16 | 14 | 12;
  className?: string;
}

function draw(children: ReactNode) {
  return function Icon({ size = 16, className = "" }: IconProps) {
    return (
      <svg className={`${styles.icon} ${styles[`s${size}`]} ${className}`} viewBox="0 0 16 16" aria-hidden="true">
        {children}
      </svg>
    );
  };
}

export const InboxIcon = draw(<path d="M2.5 9.5h3.2l.9 1.7h2.8l.9-1.7h3.2M2.5 9.5 4.3 3.6h7.4l1.8 5.9v3.2h-11z"/>);
export const ConflictsIcon = draw(<path d="M2 5.2h5.3M5.2 3l2.2 2.2-2.2 2.2M14 10.8H8.7M10.8 8.6l-2.2 2.2 2.2 2.2"/>);
export const ReviewIcon = draw(<path d="m2.3 4.2 1.1 1.1 2-2.2M7.8 4.2h6M2.3 8.5l1.1 1.1 2-2.2M7.8 8.5h6M7.8 12.8h6M2.8 12.8h2"/>);
export const DealsIcon = draw(<><rect x="2.5" y="3" width="11" height="10" rx="1.2"/><path d="M2.5 6.4h11M6.4 6.4V13"/></>);
export const PartnersIcon = draw(<><circle cx="6" cy="5.6" r="2.4"/><path d="M1.8 13c.3-2.4 2-3.8 4.2-3.8s3.9 1.4 4.2 3.800M10.4 3.500a2.3 2.3 0 0 1 0 4.300M12 9.700c1.3.5 2.1 1.6 2.3 3.3"/></>);
export const MetricsIcon = draw(<path d="M3 13V8.500M8 13V3M13 13V6.2"/>);
export const PacksIcon = draw(<path d="M2.7 5 8 2.5 13.3 5v6L8 13.5 2.7 11zM2.7 5 8 7.6 13.3 5M8 7.600v5.9"/>);
export const LibraryIcon = draw(<path d="M8 4.300C6.9 3.5 5 3.1 2.5 3.100v8.900c2.5 0 4.4.4 5.5 1.2 1.1-.8 3-1.2 5.5-1.200V3.100C11 3.1 9.1 3.5 8 4.300zM8 4.300v8.9"/>);
export const PolicyIcon = draw(<path d="M4 2.500h5.300L12.5 5.700v7.800H4zM9.2 2.500v3.300h3.300M6.3 8.500h3.900M6.3 10.900h3.9"/>);
export const ActivityIcon = draw(<path d="M1.8 8.200h2.600l1.9-5 3.2 9.6 1.9-4.600h2.8"/>);
export const SettingsIcon = draw(<><path d="M2.5 5h5.700M12 5h1.500M2.5 11H4M7.8 11h5.7"/><circle cx="10.1" cy="5" r="1.8"/><circle cx="5.9" cy="11" r="1.8"/></>);
export const SearchIcon = draw(<><circle cx="7" cy="7" r="4.2"/><path d="m10.2 10.2 3.3 3.3"/></>);
export const CheckIcon = draw(<path d="m3.3 8.6 3 3 6.4-7"/>);
export const WarningIcon = draw(<path d="M8 2.6 14.2 13H1.800zM8 6.600v3M8 11.300v.1"/>);
export const CrossIcon = draw(<path d="m4.3 4.3 7.4 7.400M11.7 4.300l-7.4 7.4"/>);
export const RefusedIcon = draw(<path d="M5.5 2.300h5l3.2 3.200v5l-3.2 3.200h-5l-3.2-3.200v-5zM6 6l4 4M10 6l-4 4"/>);
export const InfoIcon = draw(<><circle cx="8" cy="8" r="5.7"/><path d="M8 7.500v3.300M8 5.200v.1"/></>);
export const ClockIcon = draw(<><circle cx="8" cy="8" r="5.7"/><path d="M8 4.800V8l2.2 1.4"/></>);
export const PauseIcon = draw(<path d="M5.8 4.200v7.600M10.2 4.200v7.6"/>);
export const PlayIcon = draw(<path d="m5.5 3.8 6.5 4.2-6.5 4.200z"/>);
export const OfflineIcon = draw(<path d="M1.8 6.200A9.4 9.4 0 0 1 5 4.200M7.3 3.600a9.4 9.4 0 0 1 6.9 2.600M3.9 8.800a6.2 6.2 0 0 1 2.6-1.600M10 7.500c.8.3 1.5.7 2.1 1.300M6.2 11.200a2.9 2.9 0 0 1 3.6 0M8 13.300v.1M2.5 2.500l11 11"/>);
export const SyncIcon = draw(<path d="M13.2 7.300A5.3 5.3 0 0 0 4 4.500L2.6 6M2.6 3v3h3M2.8 8.700A5.3 5.3 0 0 0 12 11.500l1.4-1.500M13.4 13v-3h-3"/>);
export const ChevronDownIcon = draw(<path d="m4.2 6.3 3.8 3.8 3.8-3.8"/>);
export const ChevronRightIcon = draw(<path d="m6.3 4.2 3.8 3.8-3.8 3.8"/>);
export const LockIcon = draw(<><rect x="3.5" y="7" width="9" height="6.5" rx="1.2"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/></>);
export const ShieldIcon = draw(<path d="M8 2.3 13 4v4.200c0 2.7-2 4.5-5 5.5-3-1-5-2.8-5-5.500V4z"/>);
export const CalendarIcon = draw(<><rect x="2.5" y="3.5" width="11" height="10" rx="1.2"/><path d="M2.5 6.700h11M5.5 2v2.500M10.5 2v2.5"/></>);
export const PlusIcon = draw(<path d="M8 3.500v9M3.5 8h9"/>);
export const FilterIcon = draw(<path d="M2.5 4.500h11M4.7 8h6.600M6.7 11.500h2.6"/>);
export const ArrowRightIcon = draw(<path d="M3 8h9.500M9 4.5 12.5 8 9 11.5"/>);
export const ArrowUpIcon = draw(<path d="M8 13V3.500M4.5 7 8 3.5 11.5 7"/>);
export const ArrowDownIcon = draw(<path d="M8 3v9.500M4.5 9 8 12.5 11.5 9"/>);
export const MailIcon = draw(<><rect x="2" y="3.5" width="12" height="9" rx="1.2"/><path d="m2.5 4.5 5.5 4.3 5.5-4.3"/></>);
export const UndoIcon = draw(<path d="M3 6.500h6.500a3.3 3.3 0 0 1 0 6.600H6M5.5 3.8 2.8 6.500l2.7 2.7"/>);
export const MoreIcon = draw(<path d="M3.5 8h.1M8 8h.1M12.5 8h.1"/>);
export const UserIcon = draw(<><circle cx="8" cy="5.5" r="2.6"/><path d="M3.2 13.500c.4-2.6 2.3-4.1 4.8-4.100s4.4 1.5 4.8 4.1"/></>);
export const FlagIcon = draw(<path d="M4 13.500v-11M4 3h8l-1.7 2.800L12 8.500H4"/>);
export const FlipIcon = draw(<path d="M3 5.500h8.500M9 3l2.5 2.500L9 8M13 10.500H4.500M7 8l-2.5 2.500L7 13"/>);
export const NoteIcon = draw(<path d="M3 2.700h10v7.600L9.8 13.300H3zM13 10.300H9.800v3M5.5 5.800h5M5.5 8.200h3"/>);
export const CertificateIcon = draw(<><circle cx="8" cy="6.3" r="3.8"/><path d="M5.8 9.5 5 14l3-1.600L11 14l-.8-4.5"/></>);
export const DocIcon = draw(<path d="M4 2.500h5.300L12.5 5.700v7.800H4z"/>);
export const ExternalIcon = draw(<path d="M6.5 3.500h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5"/>);
export const ColumnsIcon = draw(<><rect x="2.5" y="3" width="11" height="10" rx="1.2"/><path d="M6.2 3v10M9.8 3v10"/></>);
export const BoardIcon = draw(<path d="M3 3h2.600v10H3zM6.7 3h2.600v6.500H6.700zM10.4 3H13v8h-2.600z"/>);
export const ExportIcon = draw(<path d="M8 10V2.500M5 5.500l3-3 3 3M3 9.500v3.500h10V9.5"/>);
export const EyeIcon = draw(<><path d="M1.5 8S4 3.7 8 3.7 14.5 8 14.5 8 12 12.3 8 12.3 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="1.8"/></>);
export const LinkIcon = draw(<path d="M6.8 9.2 9.2 6.800M7.200 4.800l1.500-1.500a2.800 2.800 0 0 1 4 4l-1.500 1.500M8.800 11.200l-1.500 1.500a2.800 2.800 0 0 1-4-4l1.500-1.500"/>);
export const TagIcon = draw(<path d="M2.5 2.500h5.300l5.7 5.7-5.3 5.3-5.7-5.700zM5.3 5.300h.1"/>);
export const TableIcon = draw(<><rect x="2.5" y="3" width="11" height="10" rx="1.2"/><path d="M2.5 6.300h11M2.5 9.700h11M7 6.300V13"/></>);
export const OnlineIcon = draw(<path d="M1.8 6.2a9.4 9.4 0 0 1 12.4 0M3.9 8.8a6.2 6.2 0 0 1 8.2 0M6.2 11.2a2.9 2.9 0 0 1 3.6 0M8 13.3v.1"/>);
export const TodayIcon = draw(<><circle cx="8" cy="8" r="2.6"/><path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1"/></>);
export const SidebarIcon = draw(<><rect x="2.5" y="3" width="11" height="10" rx="1.2"/><path d="M6.2 3v10"/></>);
export const MinusIcon = draw(<path d="M4 8h8"/>);
export const PhoneIcon = draw(<path d="M4.2 2.5h2l1.2 3-1.6 1.2a7.5 7.5 0 0 0 3.5 3.5l1.2-1.6 3 1.2v2c0 .9-.8 1.6-1.7 1.5C6.700 12.800 3.200 9.300 2.700 4.200c-.1-.9.6-1.7 1.500-1.700z"/>);
export const KeyboardIcon = draw(<><rect x="1.8" y="4" width="12.4" height="8" rx="1.2"/><path d="M4.500 6.700h.1M7 6.700h.1M9.500 6.700h.1M12 6.700h-.1M5.500 9.500h5"/></>);

/** The mark of Drumbeat: five beats. */
export function Logo() {
  return (
    <svg className={styles.logo} viewBox="0 0 14 14" aria-hidden="true">
      <path d="M1.5 5.5v3M4.25 2.5v9M7 5v4M9.75 3.5v7M12.5 6v2" />
    </svg>
  );
}

