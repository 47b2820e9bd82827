import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

/** The watchtower with the product's name. */
export function Brand() {
  const { t } = useTranslation();
  return (
    <Link to="/" className="brand">
      <img src="/watchtower.svg" width={30} height={30} alt="" />
      <span>{t('shell.product')}</span>
    </Link>
  );
}
