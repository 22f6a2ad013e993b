throw new Error('no library');
